import { Context } from '@temporalio/activity';
import { prepareInput } from '../schemas/activities.ts';
import { preparedCorpusSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createStep } from './step.ts';

/** Reads the corpus, drops duplicates and splits it. The splits stay in the private area. */
export function createPrepare({ store, runJob }: ActivityDeps) {
  return createStep({
    store,
    input: prepareInput,
    output: preparedCorpusSchema,
    name: () => 'prepare',
    run: ({ run, config }, onProgress) =>
      runJob({
        job: { kind: 'prepare', store: store.uri, run, corpus: config.corpus, seed: config.seed },
        signal: Context.current().cancellationSignal,
        onProgress,
      }),
  });
}
