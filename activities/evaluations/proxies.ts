import { plainTemplate } from '../../engine/data/plain-template.ts';
import { evaluationInputs, type ReportInput } from '../../schemas/activities.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import { corpusProxiesSchema, type Proxies, proxies } from '../../schemas/evaluations/proxies.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createComputeStep } from '../compute-step.ts';

/**
 * Measures how like one corpus is to the real test records. What does not depend on the adapter is shared by
 * the runs of a sweep.
 */
export function createProxies(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: evaluationInputs.proxies,
    output: proxies.activity.output,
    name: ({ source }) => `proxies-${source}`,
    stage: () => 'proxies',
    job: ({ run, config, source, adapter, texts, test }) => {
      const { proxies } = config.evaluation;
      if (proxies === undefined) throw invalidConfig('evaluation.proxies is not set.');
      const { encoder, ...settings } = proxies;
      return {
        kind: 'proxies',
        store: deps.store.uri,
        run,
        source,
        model: config.model,
        encoder,
        template: plainTemplate(config.template),
        adapter,
        texts,
        test,
        settings,
        maxTokens: config.training.maxTokens,
      };
    },
  });
}

/**
 * The proxies of every corpus that could be measured, and why the others are missing. undefined where none
 * were asked for.
 */
export async function collectProxies(params: {
  store: ArtifactStore;
  input: Pick<ReportInput, 'proxies'>;
}): Promise<Proxies | undefined> {
  const { store, input } = params;
  if (input.proxies === undefined) return undefined;
  const proxies: Proxies = { corpora: [], missing: [] };
  for (const { source, proxies: ref, why } of input.proxies) {
    if (ref === null) proxies.missing.push({ source, why: why ?? 'not measured' });
    else proxies.corpora.push(await store.readJson(ref, corpusProxiesSchema));
  }
  return proxies;
}
