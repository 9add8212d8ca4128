import type { ScoreSource } from '../../../schemas/scores.ts';
import { finite } from '../format.ts';
import { listProxies, type NamedProxy } from '../proxy-list.ts';
import type { ReportData } from '../report-data.ts';

/** One corpus with its accuracy and those of its proxies that have a value. */
export type Judged = {
  run: string;
  source: ScoreSource;
  accuracy: number;
  proxies: Map<string, NumberedProxy>;
};
export type NumberedProxy = Omit<NamedProxy, 'measure'> & { value: number };

/**
 * Returns the generated corpora, each with balanced accuracy and proxies. Only runs over the same corpus and
 * with the same proxy settings as the first run with proxies are comparable; `leftOut` counts the others.
 */
export function comparableProxies(runs: readonly ReportData[]): { judged: Judged[]; leftOut: number } {
  const measured = runs.filter(
    ({ proxies, scores }) => proxies !== undefined || scores?.heldOut !== undefined,
  );
  const first = measured[0];
  if (first === undefined) return { judged: [], leftOut: 0 };
  const comparable = measured.filter((data) => ground(data) === ground(first));
  const judged = comparable.flatMap((data) => [
    ...judgedOf(data, 'synthetic'),
    ...judgedOf(data, 'zero-shot'),
  ]);
  // Runs of a sweep share the texts of the base model.
  const sharing = (a: Judged, b: Judged) => a.source === 'zero-shot' && fingerprint(a) === fingerprint(b);
  return {
    judged: judged.filter(
      (one, i) => judged.findIndex((other) => other === one || sharing(one, other)) === i,
    ),
    leftOut: measured.length - comparable.length,
  };
}

/** Returns a key of the settings that must be equal for proxies to be comparable. */
function ground({ config }: ReportData): string {
  const { corpus, evaluation, seed, model, training } = config;
  return JSON.stringify([
    corpus.source,
    corpus.labels,
    seed,
    evaluation.proxies,
    evaluation.heldOut,
    model,
    training.maxTokens,
  ]);
}

function judgedOf({ run, scores, proxies }: ReportData, source: 'synthetic' | 'zero-shot'): Judged[] {
  const row = scores?.rows.find((one) => one.source === source);
  const accuracy = finite(row?.mean.balancedAccuracy ?? null);
  if (accuracy === null) return [];
  const corpus = proxies?.corpora.find((one) => one.source === source);
  const heldOut = finite(scores?.heldOut?.[source === 'synthetic' ? 'tuned' : 'untuned'].nats ?? null);
  const numbered: NumberedProxy[] = (corpus === undefined ? [] : listProxies(corpus)).flatMap(
    ({ measure, ...proxy }) => (measure.value === null ? [] : [{ ...proxy, value: measure.value }]),
  );
  if (heldOut !== null)
    numbered.unshift({ name: 'Loss on held-out text, nats per token', better: 'lower', value: heldOut });
  return [{ run, source, accuracy, proxies: new Map(numbered.map((one) => [one.name, one])) }];
}

function fingerprint({ source, accuracy, proxies }: Judged): string {
  return JSON.stringify([source, accuracy, [...proxies.values()].map(({ value }) => value)]);
}
