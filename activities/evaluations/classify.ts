import { type EvaluationInput, evaluationInputs } from '../../schemas/activities.ts';
import { classify, type Scored } from '../../schemas/evaluations/classify.ts';
import type { JobOf } from '../../schemas/jobs.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { type ComputeStep, createComputeStep } from '../compute-step.ts';
import { releaseStage } from '../ledger/release-stage.ts';

type ClassifyInput = EvaluationInput<'classify'>;

/** Trains the classifier on one source and scores it on the real test set: one row of the result table, kept private. */
export function createClassify(deps: ActivityDeps) {
  return createComputeStep(classifyStep(deps));
}

type ClassifyStep = ComputeStep<ClassifyInput, JobOf<'classify'> | JobOf<'majority'>, Scored>;

export function classifyStep(deps: ActivityDeps): ClassifyStep {
  const { store } = deps;
  const step: ClassifyStep = {
    deps,
    input: evaluationInputs.classify,
    output: classify.activity.output,
    name: ({ source, share }) => `classify-${source}${share === undefined ? '' : `-${share}`}`,
    stage: ({ share }) => (share === undefined ? 'classify' : 'amounts'),
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
    make: async (input, compute) => {
      if (input.source !== 'real-dp') return compute();
      const given = { stage: 'classify-real-dp', input } as const;
      const { made, release } = await releaseStage({ store, given, job: step.job(input), work: compute });
      return { output: { ...made.output, release }, cost: made.cost };
    },
  };
  return step;
}

/** Only the row that spends one depends on it: the others are shared by runs of other budgets. */
function budgetOf({ source, config }: Pick<ClassifyInput, 'source' | 'config'>) {
  if (source !== 'real-dp') return {};
  const { epsilon, delta, accountant } = config.privacy;
  return { privacy: { epsilon, delta, accountant } };
}
