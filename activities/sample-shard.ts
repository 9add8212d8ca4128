import { poolSize } from '../engine/data/pool-size.ts';
import { sampleShardInput } from '../schemas/activities.ts';
import { sampledSchema } from '../schemas/jobs.ts';
import type { SampledCorpus } from '../schemas/run-layout.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createComputeStep } from './compute-step.ts';

/** The name under which a run keeps what sampling a shard gave. */
export function sampleStepName({ source, shard }: { source: SampledCorpus; shard: number }): string {
  return `sample-${source}-${shard}`;
}

/** Writes one shard of the synthetic corpus, or of the zero-shot one where there is no adapter. */
export function createSampleShard(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: sampleShardInput,
    output: sampledSchema,
    name: ({ adapter, shard, pool }) =>
      sampleStepName({ source: pool ? 'pool' : adapter === null ? 'zero-shot' : 'synthetic', shard }),
    stage: ({ adapter, pool }) => (adapter === null && !pool ? 'zeroShot' : 'sample'),
    job: ({ run, config, adapter, shard, pool }) => ({
      kind: 'sample',
      store: deps.store.uri,
      run,
      model: config.model,
      template: config.template,
      labels: config.corpus.labels,
      adapter,
      sampling: pool ? { ...config.sampling, records: poolSize(config) } : config.sampling,
      precision: config.training.precision,
      seed: config.seed,
      shard,
      ...(pool && { pool }),
    }),
  });
}
