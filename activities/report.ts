import { type ReportInput, type ReportOutput, reportInput, reportOutput } from '../schemas/activities.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { commitRun } from './report/commit-run.ts';
import { destroySecrets } from './report/destroy-secrets.ts';
import { createStep } from './step.ts';

/**
 * Ends a run: merges the shards, collects the scores, writes both reports, the statement and the card, and commits the
 * manifests, the one of the release last. Once its result is kept, the run key and the checkpoints are destroyed.
 */
export function createReport(deps: ActivityDeps) {
  return createStep<ReportInput, ReportOutput>({
    store: deps.store,
    input: reportInput,
    output: reportOutput,
    name: () => 'report',
    stage: () => 'report',
    run: async (input) => ({ output: await commitRun({ deps, input }) }),
    afterwards: ({ run }) => destroySecrets({ store: deps.store, run }),
  });
}
