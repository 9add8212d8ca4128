import { closeVersionInput } from '../../schemas/resynthesis.ts';
import { voidVersion } from '../../storage/version-records.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { wasAnyObserved } from '../ledger/was-observed.ts';
import { createRepeatable } from '../repeatable.ts';

/**
 * Ends a version whose run has failed. Another version may use its records if no output computed from
 * them was observed.
 */
export function createCloseVersion({ store }: ActivityDeps) {
  return createRepeatable({
    input: closeVersionInput,
    run: async ({ release, version, run }) => {
      if (!(await wasAnyObserved({ store, run }))) await voidVersion({ store, release, version });
    },
  });
}
