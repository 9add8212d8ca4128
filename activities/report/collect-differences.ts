import { pairedDifferences } from '../../engine/metrics/paired-differences.ts';
import type { ReportInput } from '../../schemas/activities.ts';
import {
  type Difference,
  type Predictions,
  predictionsSchema,
  type ScoreSource,
} from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** What the synthetic row is set against. Majority predicts without reading: its difference says nothing more than the table. */
const COMPARED: readonly ScoreSource[] = ['zero-shot', 'real-dp', 'real'];

/** The synthetic row minus each of the others that there are; undefined without predictions of the synthetic row. */
export async function collectDifferences(params: {
  store: ArtifactStore;
  input: ReportInput;
}): Promise<Difference[] | undefined> {
  const { store, input } = params;
  const read = async (source: ScoreSource): Promise<Predictions[]> => {
    const ref = input.rows.find((row) => row.source === source)?.predictions;
    return ref === undefined ? [] : [await store.readJson(ref, predictionsSchema)];
  };
  const [synthetic] = await read('synthetic');
  if (synthetic === undefined) return undefined;
  const others: { source: ScoreSource; runs: Predictions['runs'] }[] = [];
  for (const source of COMPARED)
    for (const { truth, runs } of await read(source)) {
      // All rows are scored on one test set; a row that was not cannot be paired.
      if (isSame(truth, synthetic.truth)) others.push({ source, runs });
    }
  const { bootstrap, confidence } = input.config.evaluation;
  const differences = pairedDifferences({
    truth: synthetic.truth,
    of: predictedBy(synthetic.runs),
    minus: others.map(({ runs }) => predictedBy(runs)),
    classes: input.config.corpus.labels.length,
    resamples: bootstrap,
    confidence,
    seed: input.config.seed,
  });
  return differences.map((difference, i) => ({ minus: others[i].source, ...difference }));
}

function predictedBy(runs: Predictions['runs']): number[][] {
  return runs.map(({ predicted }) => predicted);
}

function isSame(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
