import {
  type AccountSweepInput,
  accountSweepInput,
  type SweepSpent,
} from '../../schemas/sweep/sweep-state.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createRepeatable } from '../repeatable.ts';
import { composedCost, distinctReleases, trainingsOf } from './trainings.ts';

/**
 * What the trainings of these runs cost together, as if all were over the same records. A training that came from the step cache is
 * an earlier release, which others have paid for.
 */
export function createAccountSweep({ store }: ActivityDeps) {
  return createRepeatable<AccountSweepInput, SweepSpent>({
    input: accountSweepInput,
    run: async ({ runs }) => {
      const trainings = await trainingsOf({ store, runs });
      const own = trainings.filter(({ isCached }) => !isCached);
      const charged = distinctReleases(own);
      const cost = composedCost(charged);
      return {
        trainings: charged.length,
        cached: trainings.length - own.length,
        withoutPrivacy: own.filter(({ mechanism }) => !mechanism.private).length,
        epsilon: cost?.epsilon ?? 0,
        delta: cost?.delta ?? null,
      };
    },
  });
}
