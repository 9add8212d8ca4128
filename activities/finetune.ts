import { plainTemplate } from '../engine/data/plain-template.ts';
import { type FinetuneInput, finetuneInput } from '../schemas/activities.ts';
import { type JobOf, type Trained, trainedSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { type ComputeStep, createComputeStep } from './compute-step.ts';
import { releaseStage } from './ledger/release-stage.ts';

/**
 * Fine-tunes the adapter under the plan. A new attempt goes on from the last checkpoint with the same
 * draws and noise.
 */
export function createFinetune(deps: ActivityDeps) {
  return createComputeStep(finetuneStep(deps));
}

export function finetuneStep(deps: ActivityDeps): ComputeStep<FinetuneInput, JobOf<'finetune'>, Trained> {
  const { store } = deps;
  const step: ComputeStep<FinetuneInput, JobOf<'finetune'>, Trained> = {
    deps,
    input: finetuneInput,
    output: trainedSchema,
    name: () => 'finetune',
    stage: () => 'finetune',
    job: ({ run, config, train, plan, microBatch }) => ({
      kind: 'finetune',
      store: deps.store.uri,
      run,
      model: config.model,
      template: plainTemplate(config.template),
      train,
      training: config.training,
      plan,
      seed: config.seed,
      microBatch,
    }),
    make: async (input, compute) => {
      if (!input.plan.private) {
        const { output, cost } = await compute();
        return { output: { ...output, release: null }, cost };
      }
      const given = { stage: 'finetune', input } as const;
      const { made, release } = await releaseStage({ store, given, job: step.job(input), work: compute });
      return { output: { ...made.output, release }, cost: made.cost };
    },
  };
  return step;
}
