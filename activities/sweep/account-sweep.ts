import { epsilonOf } from '../../engine/privacy/accountant.ts';
import { planOutput } from '../../schemas/activities.ts';
import { DpsynthError } from '../../schemas/errors.ts';
import { finetunedSchema } from '../../schemas/jobs.ts';
import { groupParts } from '../../schemas/ledger-state.ts';
import type { DpPlanData, MechanismPart } from '../../schemas/privacy.ts';
import { type AccountSweepInput, accountSweepInput, type SweepSpent } from '../../schemas/sweep-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { keptResult } from '../step.ts';
import { toFailure } from '../to-failure.ts';

/**
 * What the trainings of these runs cost together: the PLDs of their mechanisms composed, as if all were over the same records, at
 * the smallest of their deltas. A training that came from the step cache is an earlier release and costs nothing. A run
 * that planned its noise counts as trained also where it failed later: in doubt something was seen.
 */
export function createAccountSweep({ store }: ActivityDeps) {
  return async (given: AccountSweepInput): Promise<SweepSpent> => {
    try {
      const { runs } = accountSweepInput.parse(given);
      const trainings = (await Promise.all(runs.map((run) => trainingOf(store, run)))).filter(
        (training) => training !== null,
      );
      const own = trainings.filter(({ isCached }) => !isCached).map(({ mechanism }) => mechanism);
      const charged = own.filter((mechanism) => mechanism.private);
      const delta = charged.length === 0 ? null : Math.min(...charged.map((mechanism) => mechanism.delta));
      return {
        trainings: charged.length,
        cached: trainings.length - own.length,
        withoutPrivacy: own.length - charged.length,
        epsilon: delta === null ? 0 : composed(charged.flatMap(partsOf), delta),
        delta,
      };
    } catch (error) {
      throw toFailure(error);
    }
  };
}

async function trainingOf(store: ArtifactStore, run: string) {
  const plan = await keptResult({ store, run, name: 'plan', output: planOutput });
  if (plan === undefined) return null;
  const finetuned = await keptResult({ store, run, name: 'finetune', output: finetunedSchema });
  return { mechanism: plan.mechanism, isCached: finetuned?.cachedFrom !== undefined };
}

function partsOf({ samplingRate, noiseMultiplier, steps, otherParts }: DpPlanData): MechanismPart[] {
  return [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
}

/** null where the accountant refuses to answer: the runs are done all the same. */
function composed(parts: readonly MechanismPart[], delta: number): number | null {
  try {
    return epsilonOf({ parts: groupParts(parts), delta });
  } catch (error) {
    if (error instanceof DpsynthError) return null;
    throw error;
  }
}
