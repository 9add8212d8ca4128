import { type ReportInput, type ReportOutput, reportInput, reportOutput } from '../schemas/activities.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { commitRun } from './report/commit-run.ts';
import { destroySecrets } from './report/destroy-secrets.ts';
import { releaseRun } from './report/release-run.ts';
import { keepReportInput } from './report/report-input.ts';
import { createStep } from './step.ts';

/**
 * Ends a run: merges the shards, collects the scores, writes both reports, the statement and the card, and
 * commits the manifests, that of the release last. A trial of a sweep stays private until the sweep has
 * ended. Once the result is stored, the run key and the checkpoints are destroyed.
 */
export function createReport(deps: ActivityDeps) {
  return createStep<ReportInput, ReportOutput>({
    store: deps.store,
    input: reportInput,
    output: reportOutput,
    name: () => 'report',
    stage: () => 'report',
    run: async (input) => {
      const { store } = deps;
      await keepReportInput({ store, input });
      const isHeld = input.config.trialOf !== undefined && input.plan.mechanism.private;
      return {
        output: isHeld
          ? await commitRun({ deps, input, ran: null })
          : await releaseRun({ deps, input, chosenFrom: null }),
      };
    },
    afterwards: ({ run }) => destroySecrets({ store: deps.store, run }),
  });
}
