import { prepareInput } from '../schemas/activities.ts';
import { preparedCorpusSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createComputeStep } from './compute-step.ts';

/** Reads the corpus, drops duplicates and splits it. The splits stay in the private area. */
export function createPrepare(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: prepareInput,
    output: preparedCorpusSchema,
    name: () => 'prepare',
    stage: () => 'prepare',
    job: ({ run, config }) => ({
      kind: 'prepare',
      store: deps.store.uri,
      run,
      corpus: config.corpus,
      seed: config.seed,
    }),
  });
}
