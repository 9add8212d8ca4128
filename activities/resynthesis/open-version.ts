import { Context } from '@temporalio/activity';
import { openVersionInput } from '../../schemas/resynthesis.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertAllowed } from '../policy/assert-allowed.ts';
import { createRepeatable } from '../repeatable.ts';

/**
 * Finds records for the next version and marks them as used. Runs in a child process, because a corpus
 * may be large.
 */
export function createOpenVersion({ store, runJob }: ActivityDeps) {
  return createRepeatable({
    input: openVersionInput,
    run: async ({ release, mode, tick, experiment }, onProgress) => {
      await assertAllowed({ store, config: experiment });
      const { result } = await runJob({
        job: {
          kind: 'open-version',
          store: store.uri,
          run: release,
          release,
          mode,
          tick,
          corpus: experiment.corpus,
          seed: experiment.seed,
          expectedBatchSize: experiment.training.expectedBatchSize,
        },
        signal: Context.current().cancellationSignal,
        onProgress,
      });
      return result;
    },
  });
}
