import { Context } from '@temporalio/activity';
import { classifyInput } from '../schemas/activities.ts';
import { classifiedSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createStep } from './step.ts';

/** Trains the classifier on one source and scores it on the real test set: one row of the result table, kept private. */
export function createClassify({ store, runJob }: ActivityDeps) {
  return createStep({
    store,
    input: classifyInput,
    output: classifiedSchema,
    name: ({ source }) => `classify-${source}`,
    run: ({ run, config, source, train, test }, onProgress) => {
      const common = {
        store: store.uri,
        run,
        labels: config.corpus.labels,
        test,
        evaluation: config.evaluation,
        seed: config.seed,
      };
      const signal = Context.current().cancellationSignal;
      if (source === 'majority')
        return runJob({ job: { kind: 'majority', ...common, train: train[0] }, signal, onProgress });
      const { model, classifier } = config;
      return runJob({
        job: { kind: 'classify', ...common, source, model, train, classifier },
        signal,
        onProgress,
      });
    },
  });
}
