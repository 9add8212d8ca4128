import { Context } from '@temporalio/activity';
import { finetuneInput } from '../schemas/activities.ts';
import { finetunedSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createStep } from './step.ts';

/** Fine-tunes the adapter under the plan. A new attempt goes on from the last checkpoint with the same draws and noise. */
export function createFinetune({ store, runJob }: ActivityDeps) {
  return createStep({
    store,
    input: finetuneInput,
    output: finetunedSchema,
    name: () => 'finetune',
    run: ({ run, config, train, plan, microBatch }, onProgress) =>
      runJob({
        job: {
          kind: 'finetune',
          store: store.uri,
          run,
          model: config.model,
          template: config.template,
          train,
          training: config.training,
          plan,
          seed: config.seed,
          microBatch,
        },
        signal: Context.current().cancellationSignal,
        onProgress,
      }),
  });
}
