import type { PlanOutput } from '../../../schemas/activities.ts';
import type { PreparedCorpus, Trained } from '../../../schemas/jobs.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { halveOnOutOfMemory } from '../../shared/halve-on-out-of-memory.ts';
import { charged } from './charge.ts';
import { named, type Scope } from './scope.ts';

/** Trains the adapter under the plan, on the budget that the policy of the store or the experiment names; null for no steps. */
export async function finetune(
  scope: Scope,
  { prepared, plan }: { prepared: PreparedCorpus; plan: PlanOutput },
): Promise<Trained | null> {
  const { run, config, tracker } = scope;
  if (config.training.steps === 0) {
    tracker.skip('finetune');
    return null;
  }
  const inputAt = (microBatch: number) => ({
    run,
    config,
    train: prepared.train,
    plan: plan.mechanism,
    microBatch,
  });
  const train = () =>
    halveOnOutOfMemory(config.training.microBatch, (microBatch) =>
      tracker.count(
        'finetune',
        gpu.finetune.executeWithOptions(
          named(`finetune-${microBatch}`, `${config.training.steps} steps, micro-batch ${microBatch}`),
          [inputAt(microBatch)],
        ),
      ),
    );
  return tracker.stage('finetune', 1, () =>
    charged(scope, {
      stage: { stage: 'finetune', input: inputAt(config.training.microBatch) },
      run: train,
      counted: 'finetune',
    }),
  );
}
