import type { ChosenFrom, ReportInput, ReportOutput } from '../../schemas/activities.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { assertMadeHere } from './assert-made-here.ts';
import { commitRun } from './commit-run.ts';
import { whatRan } from './what-ran.ts';

/**
 * Commits a run and its release. Before that, checks in the store that this run made the release, that the
 * policy allows it and that its ledger was charged. `chosenFrom`: the releases among which it was chosen.
 * Throws ArtifactCorrupt, PolicyViolation or BudgetExceeded, and then releases nothing.
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
