import type { ChosenFrom, ReportInput, ReportOutput } from '../../schemas/activities.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertMadeHere } from './assert-made-here.ts';
import { commitRun } from './commit-run.ts';
import { whatRan } from './what-ran.ts';

/**
 * Commits a run and its release, once the store itself shows that the release is what this run has made, that the policy allows it
 * and that its ledger has been charged. `chosenFrom`: the releases that it was chosen from.
 * Throws ArtifactCorrupt, PolicyViolation or BudgetExceeded, and releases nothing then.
 */
export async function releaseRun(params: {
  deps: ActivityDeps;
  input: ReportInput;
  chosenFrom: ChosenFrom | null;
}): Promise<ReportOutput> {
  const { deps, input } = params;
  await assertMadeHere({ store: deps.store, input });
  return commitRun({ deps, input, ran: await whatRan(params) });
}
