import { Context } from '@temporalio/activity';
import { sampleShardInput } from '../schemas/activities.ts';
import { sampledSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createStep } from './step.ts';

/** Writes one shard of the synthetic corpus, or of the zero-shot one where there is no adapter. */
export function createSampleShard({ store, runJob }: ActivityDeps) {
  return createStep({
    store,
    input: sampleShardInput,
    output: sampledSchema,
    name: ({ adapter, shard }) => `sample-${adapter === null ? 'zero-shot' : 'synthetic'}-${shard}`,
    run: ({ run, config, adapter, shard }, onProgress) =>
      runJob({
        job: {
          kind: 'sample',
          store: store.uri,
          run,
          model: config.model,
          template: config.template,
          labels: config.corpus.labels,
          adapter,
          sampling: config.sampling,
          seed: config.seed,
          shard,
        },
        signal: Context.current().cancellationSignal,
        onProgress,
      }),
  });
}
