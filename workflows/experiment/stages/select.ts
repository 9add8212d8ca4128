import type { PlanOutput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { PreparedCorpus, Selected } from '../../../schemas/jobs.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { charged } from './charge.ts';
import { named, type Scope } from './scope.ts';

/** Selects the synthetic records from the pool, on the budget that fine-tuning left; undefined if it was not asked for. */
export async function selectTexts(
  scope: Scope,
  { prepared, plan, pool }: { prepared: PreparedCorpus; plan: PlanOutput; pool: ArtifactRef[] },
): Promise<Selected | undefined> {
  const { run, config, tracker } = scope;
  if (plan.selection === undefined) {
    tracker.skip('select');
    return undefined;
  }
  const input = { run, config, pool, train: prepared.train, plan: plan.selection };
  return tracker.stage('select', 1, () =>
    charged(scope, {
      stage: { stage: 'select', input },
      run: () =>
        tracker.count('select', gpu.select.executeWithOptions(named('select', 'the DP teacher'), [input])),
      counted: 'select',
    }),
  );
}
