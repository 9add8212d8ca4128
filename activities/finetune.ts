import { type FinetuneInput, finetuneInput } from '../schemas/activities.ts';
import { finetunedSchema, type JobOf } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { type ComputeStep, createComputeStep } from './compute-step.ts';

/** Fine-tunes the adapter under the plan. A new attempt goes on from the last checkpoint with the same draws and noise. */
export function createFinetune(deps: ActivityDeps) {
  return createComputeStep(finetuneStep(deps));
}

export function finetuneStep(deps: ActivityDeps): ComputeStep<FinetuneInput, JobOf<'finetune'>> {
  return {
    deps,
    input: finetuneInput,
    output: finetunedSchema,
    name: () => 'finetune',
    job: ({ run, config, train, plan, microBatch }) => ({
      kind: 'finetune',
      store: deps.store.uri,
      run,
      model: config.model,
      template: config.template,
      train,
      training: config.training,
      plan,
      seed: config.seed,
      microBatch,
    }),
  };
}
