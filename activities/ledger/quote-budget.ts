import { assertDeltaForRecords } from '../../engine/privacy/delta.ts';
import { type DpStageInput, dpStageInput, type Quoted } from '../../schemas/budget.ts';
import type { Scored } from '../../schemas/evaluations/classify.ts';
import type { ComputeJob, Selected, Trained } from '../../schemas/jobs.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { findMade } from '../compute-step.ts';
import { classifyStep } from '../evaluations/classify.ts';
import { finetuneStep } from '../finetune.ts';
import { assertPlanAllowed } from '../policy/assert-allowed.ts';
import { createRepeatable } from '../repeatable.ts';
import { selectStep } from '../select.ts';
import { spentBy, trainOf } from './dp-stage.ts';
import { ledgerOf, preparedOf } from './ledger-of.ts';
import { releaseName } from './release-name.ts';

/**
 * What a DP stage must hold before its result may be used. A result that is there already keeps the name that it was released under,
 * and is charged to every ledger that has not charged this very release.
 * Throws PolicyViolation; InvalidConfig for a delta of the ledger of 1/n or more, or for a run that was not prepared like this.
 */
export function createQuoteBudget(deps: ActivityDeps) {
  return createRepeatable({
    input: dpStageInput,
    run: async (given): Promise<Quoted> => {
      const { store } = deps;
      const { run, config } = given.input;
      const { records } = await preparedOf({ store, run, config, train: trainOf(given) });
      const { parts, plan } = await spentBy(given, records);
      await assertPlanAllowed({ store, config, plan });
      const ledger = await ledgerOf({ store, run, config });
      if (ledger === null) return { charge: null };
      assertDeltaForRecords(ledger.limits.delta, records);
      const { job, made } = await findStage(deps, given);
      const { stage } = given;
      const id = made?.release ?? (await releaseName({ store, run, stage, job }));
      return { charge: { ...ledger, reservation: { id, run, stage, parts } } };
    },
  });
}

async function findStage(
  deps: ActivityDeps,
  given: DpStageInput,
): Promise<{ job: ComputeJob; made: Trained | Selected | Scored | null }> {
  if (given.stage === 'finetune') {
    const step = finetuneStep(deps);
    return { job: step.job(given.input), made: await findMade({ ...step, given: given.input }) };
  }
  if (given.stage === 'select') {
    const step = selectStep(deps);
    return { job: step.job(given.input), made: await findMade({ ...step, given: given.input }) };
  }
  const step = classifyStep(deps);
  return { job: step.job(given.input), made: await findMade({ ...step, given: given.input }) };
}
