import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { ClippedSum, UnclippedSum } from './clipping.ts';
import { EMPTY_DIGEST, extendDigest } from './digest-chain.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { type Keystream, openKeystream } from './keystream.ts';
import { type DpPlan, isVerified, type MechanismPlan, type NonPrivatePlan } from './mechanism-plan.ts';
import { poissonDraw } from './poisson-draw.ts';
import type { RunKey } from './run-key.ts';

/** The running mechanism of one plan. `Sum` is what it takes: a private one takes clipped sums only. */
export interface Mechanism<Sum extends ClippedSum | UnclippedSum, Plan extends MechanismPlan> {
  readonly plan: Plan;
  /** The record indices of a step, ascending: a Poisson draw, so its size varies and may be 0. Repeatable. */
  draw(step: number): Int32Array;
  /**
   * One released gradient: (sum + noise of standard deviation noiseMultiplier * clippingNorm) / expectedBatchSize, tensor by tensor as in
   * the sum. An empty draw is privatised and charged like any other.
   * @throws BudgetExceeded for a step that is not planned, or one already privatised with another sum; InvalidConfig for a foreign sum
   */
  privatize(params: { step: number; sum: Sum }): Float32Array[];
  /** Digest of the draws so far and of the noise added so far (see digest-chain.ts), for checkpoints. */
  digests(): MechanismDigests;
}

export interface MechanismDigests {
  readonly draw: string;
  readonly noise: string;
  /** Steps privatised so far: the next step's number. */
  readonly steps: number;
}

export type PrivateMechanism = Mechanism<ClippedSum, DpPlan>;
export type NonPrivateMechanism = Mechanism<ClippedSum | UnclippedSum, NonPrivatePlan>;

/**
 * Binds a plan to a run key. Steps are privatised in order, from 0 or from where `resumeFrom` (of a checkpoint) left off.
 * @throws InvalidConfig for a plan that was not made by planMechanism, planWithoutPrivacy or reopenPlan
 */
export function openMechanism(plan: DpPlan, runKey: RunKey, resumeFrom?: MechanismDigests): PrivateMechanism;
export function openMechanism(
  plan: NonPrivatePlan,
  runKey: RunKey,
  resumeFrom?: MechanismDigests,
): NonPrivateMechanism;
export function openMechanism(
  plan: MechanismPlan,
  runKey: RunKey,
  resumeFrom?: MechanismDigests,
): PrivateMechanism | NonPrivateMechanism;
export function openMechanism(
  plan: MechanismPlan,
  runKey: RunKey,
  resumeFrom: MechanismDigests = { draw: EMPTY_DIGEST, noise: EMPTY_DIGEST, steps: 0 },
): Mechanism<ClippedSum | UnclippedSum, MechanismPlan> {
  if (!isVerified(plan)) {
    throw invalidConfig('mechanism plan: an unverified object; make it with planMechanism or reopenPlan.');
  }
  assertResumable(plan, resumeFrom);
  let digests = { ...resumeFrom };
  let lastSum: string | undefined;
  const draw = (step: number) => {
    assertPlanned(plan, step);
    return poissonDraw(openKeystream({ runKey, purpose: 'draw', step }), plan);
  };
  return {
    plan,
    draw,
    digests: () => ({ ...digests }),
    privatize({ step, sum }) {
      assertPlanned(plan, step);
      const drawn = draw(step);
      assertSum(plan, sum, drawn.length);
      const fingerprint = extendDigest(EMPTY_DIGEST, { step, values: sum.values });
      const repeated = step === digests.steps - 1 && fingerprint === lastSum;
      if (step !== digests.steps && !repeated) {
        throw budgetExceeded(
          `step ${step} was privatised already or comes too early (next is ${digests.steps}); a second release with the same noise would reveal the difference of the two sums.`,
        );
      }
      const noise = plan.private
        ? noiseOf(sum.values, openKeystream({ runKey, purpose: 'noise', step }))
        : [];
      const released = sum.values.map((tensor, k) => noisyAverage(plan, tensor, noise[k]));
      if (!repeated) {
        digests = {
          draw: extendDigest(digests.draw, { step, values: drawn }),
          noise: extendDigest(digests.noise, { step, values: noise }),
          steps: step + 1,
        };
        lastSum = fingerprint;
      }
      return released;
    },
  };
}

function noiseOf(tensors: readonly Float32Array[], keystream: Keystream): Float64Array[] {
  return tensors.map(({ length }) => gaussianNoise(keystream, length));
}

/** (sum + noise) / expected batch size in float64, rounded to float32 once. */
function noisyAverage(plan: MechanismPlan, tensor: Float32Array, noise?: Float64Array): Float32Array {
  const average = new Float32Array(tensor.length);
  const scale = plan.private ? plan.noiseMultiplier * plan.clippingNorm : 0;
  for (let k = 0; k < tensor.length; k += 1) {
    average[k] = (tensor[k] + (noise ? scale * noise[k] : 0)) / plan.expectedBatchSize;
  }
  return average;
}

function assertResumable(plan: MechanismPlan, { steps }: MechanismDigests): void {
  if (!Number.isSafeInteger(steps) || steps < 0 || steps > plan.steps) {
    throw invalidConfig(`a checkpoint at step ${steps} does not belong to a plan of ${plan.steps} steps.`);
  }
}

function assertPlanned(plan: MechanismPlan, step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) throw invalidConfig(`step ${step} is not a step number.`);
  if (step >= plan.steps) {
    throw budgetExceeded(
      `step ${step} is past the ${plan.steps} planned and accounted steps; plan more steps before training.`,
    );
  }
}

function assertSum(plan: MechanismPlan, sum: ClippedSum | UnclippedSum, drawn: number): void {
  if (sum.records > drawn) {
    throw invalidConfig(
      `a sum over ${sum.records} records, more than were drawn for this step; sum the drawn records only.`,
    );
  }
  const clippingNorm = 'clippingNorm' in sum ? sum.clippingNorm : null;
  if (clippingNorm !== plan.clippingNorm) {
    throw invalidConfig(
      `a sum clipped to ${clippingNorm}, but the plan's clipping norm is ${plan.clippingNorm}.`,
    );
  }
}

function budgetExceeded(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.BudgetExceeded, message });
}
