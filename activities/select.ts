import { type SelectInput, selectInput } from '../schemas/activities.ts';
import { invalidConfig } from '../schemas/errors.ts';
import type { ExperimentConfig } from '../schemas/experiment.ts';
import { chosenTextsSchema, type JobOf, type Selected } from '../schemas/jobs.ts';
import type { Labelling } from '../schemas/settings/selection.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { type ComputeStep, createComputeStep } from './compute-step.ts';
import { releaseStage } from './ledger/release-stage.ts';

/** Selects the synthetic records from the sampled ones by a teacher that learns from the training records with DP. */
export function createSelect(deps: ActivityDeps) {
  return createComputeStep(selectStep(deps));
}

export function selectStep(deps: ActivityDeps): ComputeStep<SelectInput, JobOf<'select'>, Selected> {
  const { store } = deps;
  const step: ComputeStep<SelectInput, JobOf<'select'>, Selected> = {
    deps,
    input: selectInput,
    output: chosenTextsSchema,
    name: () => 'select',
    stage: () => 'select',
    job: ({ run, config, pool, train, plan }) => {
      const { selection, sampling } = config;
      if (selection === undefined) throw invalidConfig('selection is not set.');
      const { encoder, teacher } = selection;
      const { records, labels } = sampling;
      return {
        kind: 'select',
        store: deps.store.uri,
        run,
        labels: config.corpus.labels,
        pool,
        train,
        plan,
        encoder,
        teacher,
        labelling: labellingOf(config),
        wanted: { records, labels },
        seed: config.seed,
      };
    },
    make: async (input, compute) => {
      if (!input.plan.private) {
        const { output, cost } = await compute();
        return { output: { ...output, release: null }, cost };
      }
      const given = { stage: 'select', input } as const;
      const { made, release } = await releaseStage({ store, given, job: step.job(input), work: compute });
      return { output: { ...made.output, release }, cost: made.cost };
    },
  };
  return step;
}

/** A WordCNN learns worse from probabilities than from fewer texts that are labelled right. */
function labellingOf({ selection, classifier }: ExperimentConfig): Labelling {
  const asked = selection?.labels ?? 'auto';
  if (asked !== 'auto') return asked;
  return classifier.kind === 'wordcnn' ? 'agree' : 'soft';
}
