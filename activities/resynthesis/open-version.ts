import { Context } from '@temporalio/activity';
import { openVersionInput } from '../../schemas/resynthesis.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertAllowed } from '../policy/assert-allowed.ts';
import { createRepeatable } from '../repeatable.ts';

/** Looks for records to make a next version of, and marks them as used. In a child process: a corpus may be large. */
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
