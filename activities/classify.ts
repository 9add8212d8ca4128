import { type ClassifyInput, classifyInput } from '../schemas/activities.ts';
import { classifiedSchema, type JobOf } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { type ComputeStep, createComputeStep } from './compute-step.ts';

/** Trains the classifier on one source and scores it on the real test set: one row of the result table, kept private. */
export function createClassify(deps: ActivityDeps) {
  return createComputeStep(classifyStep(deps));
}

export function classifyStep(
  deps: ActivityDeps,
): ComputeStep<ClassifyInput, JobOf<'classify'> | JobOf<'majority'>> {
  return {
    deps,
    input: classifyInput,
    output: classifiedSchema,
    name: ({ source, share }) => `classify-${source}${share === undefined ? '' : `-${share}`}`,
    job: ({ run, config, source, train, share, test }): JobOf<'classify' | 'majority'> => {
      const { model, classifier } = config;
      const { bootstrap, confidence } = config.evaluation;
      const common = {
        store: deps.store.uri,
        run,
        labels: config.corpus.labels,
        test,
        evaluation: { bootstrap, confidence },
        seed: config.seed,
      };
      return source === 'majority'
        ? { kind: 'majority', ...common, train: train[0] }
        : {
            kind: 'classify',
            ...common,
            source,
            model,
            train,
            ...(share === undefined ? {} : { share }),
            classifier,
            ...budgetOf({ source, config }),
          };
    },
  };
}

/** Only the row that spends one depends on it: the others are shared by runs of other budgets. */
function budgetOf({ source, config }: Pick<ClassifyInput, 'source' | 'config'>) {
  if (source !== 'real-dp') return {};
  const { epsilon, delta, accountant } = config.privacy;
  return { privacy: { epsilon, delta, accountant } };
}
