import { sampleShardInput } from '../schemas/activities.ts';
import { sampledSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createComputeStep } from './compute-step.ts';

/** Writes one shard of the synthetic corpus, or of the zero-shot one where there is no adapter. */
export function createSampleShard(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: sampleShardInput,
    output: sampledSchema,
    name: ({ adapter, shard }) => `sample-${adapter === null ? 'zero-shot' : 'synthetic'}-${shard}`,
    stage: ({ adapter }) => (adapter === null ? 'zeroShot' : 'sample'),
    job: ({ run, config, adapter, shard }) => ({
      kind: 'sample',
      store: deps.store.uri,
      run,
      model: config.model,
      template: config.template,
      labels: config.corpus.labels,
      adapter,
      sampling: config.sampling,
      precision: config.training.precision,
      seed: config.seed,
      shard,
    }),
  });
}
