import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { PlannedStatistic, SelectionStatistic } from '../../schemas/selection-plan.ts';
import type { BoundedSum } from './bounded-sum.ts';
import { EMPTY_DIGEST, extendDigest } from './digest-chain.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { openKeystream } from './keystream.ts';
import { bindRunKey, type RunKey } from './run-key.ts';
import { isVerifiedSelection, type SelectionPlan } from './selection-plan.ts';

/** The running mechanism of one selection plan: the only way from a sum over private records to numbers that may be used. */
export interface SelectionMechanism {
  readonly plan: SelectionPlan;
  /** What the plan says of a statistic. @throws BudgetExceeded for one that is not planned */
  planned(statistic: SelectionStatistic): PlannedStatistic;
  /**
   * Returns the sum with Gaussian noise of the planned standard deviation on each coordinate.
   * @param params.release number of this release among those of its statistic, from 0
   * @throws BudgetExceeded for a release that is not planned, or that was made of another sum before; InvalidConfig for a sum over other than n
   * records
   */
  release(params: { statistic: SelectionStatistic; release?: number; sum: BoundedSum }): Float64Array;
}

/**
 * Binds a plan to a run key. The noise of a release follows from the run key, the plan, the statistic and the sum itself: an attempt that
 * repeats the same sum repeats the same release, and another sum, or the same under another plan, never meets the same noise. Training
 * under the same run key shares none of it.
 * @throws InvalidConfig for a plan that was not made by planSelection, planSelectionWithoutPrivacy or reopenSelectionPlan
 */
export function openSelectionMechanism(params: { plan: SelectionPlan; runKey: RunKey }): SelectionMechanism {
  const { plan, runKey } = params;
  if (!isVerifiedSelection(plan))
    throw invalidConfig(
      'selection plan: an unverified object; make it with planSelection or reopenSelectionPlan.',
    );
  const released = new Map<string, string>();
  const planned = (statistic: SelectionStatistic) => {
    const found = plan.statistics.find(({ name }) => name === statistic);
    if (found === undefined)
      throw budgetExceeded(`the selection's plan does not account for the statistic ${statistic}.`);
    return found;
  };
  return {
    plan,
    planned,
    release({ statistic, release = 0, sum }) {
      const { releases, noiseMultiplier } = planned(statistic);
      if (!(Number.isSafeInteger(release) && release >= 0 && release < releases))
        throw budgetExceeded(
          `release ${release} of ${statistic} is past the ${releases} that are planned and accounted for.`,
        );
      if (sum.records !== plan.records)
        throw invalidConfig('a sum over other than the planned number of records; sum over all of them.');
      const name = `${statistic}/${release}`;
      const fingerprint = extendDigest(EMPTY_DIGEST, { step: release, values: [sum.values] });
      if ((released.get(name) ?? fingerprint) !== fingerprint)
        throw budgetExceeded(
          `release ${release} of ${statistic} was made of another sum before; a second one is not accounted for.`,
        );
      released.set(name, fingerprint);
      if (!plan.private) return Float64Array.from(sum.values);
      const bound = bindRunKey(runKey, ['selection', JSON.stringify(plan), name, fingerprint].join('\n'));
      const keystream = openKeystream({ runKey: bound, purpose: 'selection', step: release });
      const noise = gaussianNoise(keystream, sum.values.length);
      return sum.values.map((value, k) => value + noiseMultiplier * noise[k]);
    },
  };
}

function budgetExceeded(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.BudgetExceeded, message });
}
