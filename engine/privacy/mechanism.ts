import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import { nextClippingNorm } from './adaptive-clipping.ts';
import type { ClippedSum, UnclippedSum } from './clipping.ts';
import { EMPTY_DIGEST, extendDigest, type OpenLink, openLink } from './digest-chain.ts';
import { gaussianBlocks, gaussianNoise } from './gaussian-noise.ts';
import { openKeystream } from './keystream.ts';
import {
  type DpPlan,
  gradientNoiseMultiplier,
  isVerified,
  type MechanismPlan,
  type NonPrivatePlan,
} from './mechanism-plan.ts';
import { poissonDraw } from './poisson-draw.ts';
import type { RunKey } from './run-key.ts';

/** The running mechanism of one plan. `Sum` is what it takes: a private one takes clipped sums only. */
export type Mechanism<Sum extends ClippedSum | UnclippedSum, Plan extends MechanismPlan> = {
  readonly plan: Plan;
  /** What the next step's gradients are to be clipped to: the plan's norm, or where adaptive clipping has led it; null: not at all. */
  readonly clippingNorm: Plan['clippingNorm'];
  /** The record indices of a step, ascending: a Poisson draw, so its size varies and may be 0. Repeatable. */
  draw(step: number): Int32Array;
  /**
   * One released gradient. An empty draw is privatised and charged like any other. With adaptive clipping the number of records within the
   * norm is released as well, and moves `clippingNorm`.
   * @throws BudgetExceeded for a step that is not planned, or one already privatised with another sum; InvalidConfig for a foreign sum
   */
  privatize(params: { step: number; sum: Sum }): Release;
  /** All that the mechanism remembers between two steps, for checkpoints. */
  digests(): MechanismDigests;
};

export type Release = {
  /** (sum + noise) / expectedBatchSize, tensor by tensor as in the sum. */
  tensors: Float32Array[];
  /** Standard deviation of the noise on each coordinate: gradient noise multiplier * clipping norm / expectedBatchSize; 0 without privacy. */
  noiseDeviation: number;
};

/** Digests of the draws so far and of the noise added so far (see digest-chain.ts), and where the clipping norm stands. */
export type MechanismDigests = {
  draw: string;
  noise: string;
  /** Steps privatised so far: the next step's number. */
  steps: number;
  /** The clipping norm of the next step; with adaptive clipping only. */
  clippingNorm?: number;
};

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
  if (!isVerified(plan))
    throw invalidConfig('mechanism plan: an unverified object; make it with planMechanism or reopenPlan.');
  assertResumable(plan, resumeFrom);
  let digests = resumeFrom;
  let clippingNorm = resumeFrom.clippingNorm ?? plan.clippingNorm;
  let last: { fingerprint: string; clippingNorm: number | null } | undefined;
  const draw = (step: number) => {
    assertPlanned(plan, step);
    return poissonDraw(openKeystream({ runKey, purpose: 'draw', step }), plan);
  };
  return {
    plan,
    get clippingNorm() {
      return clippingNorm;
    },
    draw,
    digests: () => ({ ...digests }),
    privatize({ step, sum }) {
      assertPlanned(plan, step);
      const drawn = draw(step);
      const before = step === digests.steps - 1 ? last : undefined;
      const normOfStep = before ? before.clippingNorm : clippingNorm;
      assertSum(plan, sum, { drawn: drawn.length, clippingNorm: normOfStep });
      const fingerprint = fingerprintOf(sum, step);
      const repeated = fingerprint === before?.fingerprint;
      if (step !== digests.steps && !repeated)
        throw budgetExceeded(
          `step ${step} was privatised already or comes too early (next is ${digests.steps}); a second release with the same noise would reveal the difference of the two sums.`,
        );
      const scale = gradientNoiseMultiplier(plan) * (normOfStep ?? 0);
      const link = openLink(digests.noise, step);
      const tensors = noisyAverages({ plan, runKey, step, scale, tensors: sum.values, link });
      const adapted = adaptedNorm({ plan, runKey, step, sum, link });
      if (!repeated) {
        digests = {
          draw: extendDigest(digests.draw, { step, values: [drawn] }),
          noise: link.close(),
          steps: step + 1,
          ...(adapted === null ? {} : { clippingNorm: adapted }),
        };
        last = { fingerprint, clippingNorm: normOfStep };
        clippingNorm = adapted ?? clippingNorm;
      }
      return { tensors, noiseDeviation: scale / plan.expectedBatchSize };
    },
  };
}

/** Of all that goes into a release beside the run key. The same step with another fingerprint would be a second release. */
function fingerprintOf(sum: ClippedSum | UnclippedSum, step: number): string {
  const within = 'within' in sum && sum.within !== null ? [sum.within] : [];
  return extendDigest(EMPTY_DIGEST, { step, values: [...sum.values, Int32Array.of(sum.records, ...within)] });
}

/**
 * (sum + scale * noise) / expected batch size in float64, rounded to float32 once. The noise goes by in blocks: a hundred million parameters
 * need no memory but for what is returned.
 */
function noisyAverages(params: {
  plan: MechanismPlan;
  runKey: RunKey;
  step: number;
  scale: number;
  tensors: readonly Float32Array[];
  link: OpenLink;
}): Float32Array[] {
  const { plan, runKey, step, scale, tensors, link } = params;
  const { expectedBatchSize } = plan;
  if (!plan.private) return tensors.map((tensor) => tensor.map((value) => value / expectedBatchSize));
  const keystream = openKeystream({ runKey, purpose: 'noise', step });
  return tensors.map((tensor) => {
    const average = new Float32Array(tensor.length);
    gaussianBlocks(keystream, tensor.length, (noise, start) => {
      link.add(noise);
      for (let k = 0; k < noise.length; k++)
        average[start + k] = (tensor[start + k] + scale * noise[k]) / expectedBatchSize;
    });
    return average;
  });
}

/** Releases how many records are within the norm, and says where the norm goes; null where it stays. */
function adaptedNorm(params: {
  plan: MechanismPlan;
  runKey: RunKey;
  step: number;
  sum: ClippedSum | UnclippedSum;
  link: OpenLink;
}): number | null {
  const { plan, runKey, step, sum, link } = params;
  if (!isAdaptive(plan) || !('within' in sum) || sum.within === null) return null;
  const noise = gaussianNoise(openKeystream({ runKey, purpose: 'clipping-count', step }), 1);
  link.add(noise);
  return nextClippingNorm({
    clippingNorm: sum.clippingNorm,
    within: sum.within,
    records: sum.records,
    expectedBatchSize: plan.expectedBatchSize,
    noise: noise[0],
    plan: plan.adaptiveClipping,
  });
}

type AdaptivePlan = DpPlan & { adaptiveClipping: object };

function isAdaptive(plan: MechanismPlan): plan is AdaptivePlan {
  return plan.private && plan.adaptiveClipping !== null;
}

function assertResumable(plan: MechanismPlan, { steps, clippingNorm }: MechanismDigests): void {
  if (!Number.isSafeInteger(steps) || steps < 0 || steps > plan.steps)
    throw invalidConfig(`a checkpoint at step ${steps} does not belong to a plan of ${plan.steps} steps.`);
  const adapted = isAdaptive(plan) && steps > 0;
  if (adapted !== (clippingNorm !== undefined))
    throw invalidConfig(
      `a checkpoint ${adapted ? 'without' : 'with'} an adapted clipping norm does not belong to a plan ${adapted ? 'with' : 'without'} adaptive clipping.`,
    );
}

function assertPlanned(plan: MechanismPlan, step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) throw invalidConfig(`step ${step} is not a step number.`);
  if (step >= plan.steps)
    throw budgetExceeded(
      `step ${step} is past the ${plan.steps} planned and accounted steps; plan more steps before training.`,
    );
}

function assertSum(
  plan: MechanismPlan,
  sum: ClippedSum | UnclippedSum,
  expected: { drawn: number; clippingNorm: number | null },
): void {
  if (sum.records > expected.drawn)
    throw invalidConfig(
      `a sum over ${sum.records} records, more than were drawn for this step; sum the drawn records only.`,
    );
  const clippingNorm = 'clippingNorm' in sum ? sum.clippingNorm : null;
  if (clippingNorm !== expected.clippingNorm)
    throw invalidConfig(
      `a sum clipped to ${clippingNorm}, but the clipping norm of this step is ${expected.clippingNorm}.`,
    );
  if (isAdaptive(plan) && 'within' in sum && sum.within === null)
    throw invalidConfig(
      'adaptive clipping: the sum does not say how many records are within the norm; make it with their norms.',
    );
}

function budgetExceeded(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.BudgetExceeded, message });
}
