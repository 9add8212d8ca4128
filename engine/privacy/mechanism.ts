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

/**
 * The running mechanism of one plan. `Sum` is the kind of sum that it accepts: clipped sums only, if
 * it is private.
 */
export type Mechanism<Sum extends ClippedSum | UnclippedSum, Plan extends MechanismPlan> = {
  readonly plan: Plan;
  /**
   * The norm to which the next step's gradients must be clipped: the plan's, or the adapted one.
   * null: no clipping.
   */
  readonly clippingNorm: Plan['clippingNorm'];
  /**
   * Returns the record indices of a step, ascending. A Poisson draw: its size varies and may
   * be 0. Repeatable.
   */
  draw(step: number): Int32Array;
  /**
   * Returns the noised gradient of a step. An empty draw is noised and charged like any other. With adaptive
   * clipping the number of records within the norm is noised as well, and moves `clippingNorm`.
   * @throws BudgetExceeded for a step that is not planned, or that was noised already with another sum;
   * InvalidConfig for a sum that does not belong to the step
   */
  privatize(params: { step: number; sum: Sum }): NoisedGradient;
  /** Returns everything that the mechanism remembers between two steps, for checkpoints. */
  digests(): MechanismDigests;
};

export type NoisedGradient = {
  /** (sum + noise) / expectedBatchSize, tensor by tensor as in the sum. */
  tensors: Float32Array[];
  /**
   * Standard deviation of the noise on each coordinate: gradient noise multiplier * clipping norm /
   * expectedBatchSize. 0 without privacy.
   */
  noiseDeviation: number;
};

/** Digests of all draws and of all noise so far (see digest-chain.ts), with the current clipping norm. */
export type MechanismDigests = {
  draw: string;
  noise: string;
  /** Number of steps noised so far, which is the number of the next step. */
  steps: number;
  /** The clipping norm of the next step; only with adaptive clipping. */
  clippingNorm?: number;
};

export type PrivateMechanism = Mechanism<ClippedSum, DpPlan>;
export type NonPrivateMechanism = Mechanism<ClippedSum | UnclippedSum, NonPrivatePlan>;

/**
 * Binds a plan to a run key. Steps are noised in order, from 0 or from the state `resumeFrom`
 * of a checkpoint.
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
    throw invalidConfig(
      'mechanism plan: this object was not verified. Make it with planMechanism or reopenPlan.',
    );
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
          `step ${step} was noised already or comes too early: the next step is ${digests.steps}. A ` +
            'second noised gradient with the same noise would reveal the difference of the two sums.',
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

/**
 * Returns a digest of everything but the run key that goes into a noised gradient: with another one it is
 * a second gradient.
 */
function fingerprintOf(sum: ClippedSum | UnclippedSum, step: number): string {
  const within = 'within' in sum && sum.within !== null ? [sum.within] : [];
  return extendDigest(EMPTY_DIGEST, { step, values: [...sum.values, Int32Array.of(sum.records, ...within)] });
}

/**
 * Returns (sum + scale * noise) / expected batch size, in float64 and rounded to float32 once. Noise is made
 * in blocks, so that even a hundred million parameters need no memory beyond the result.
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

/** Returns the norm that the noised count of records within it leads to; null if the norm is fixed. */
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
      `a checkpoint ${adapted ? 'without' : 'with'} an adapted clipping norm does not belong to a plan ` +
        `${adapted ? 'with' : 'without'} adaptive clipping.`,
    );
}

function assertPlanned(plan: MechanismPlan, step: number): void {
  if (!Number.isSafeInteger(step) || step < 0) throw invalidConfig(`step ${step} is not a step number.`);
  if (step >= plan.steps)
    throw budgetExceeded(
      `step ${step} is past the ${plan.steps} steps that were planned and accounted for. Plan more ` +
        'steps before training.',
    );
}

function assertSum(
  plan: MechanismPlan,
  sum: ClippedSum | UnclippedSum,
  expected: { drawn: number; clippingNorm: number | null },
): void {
  if (sum.records > expected.drawn)
    throw invalidConfig(
      'the sum covers more records than were drawn for this step. Sum the drawn records only.',
    );
  const clippingNorm = 'clippingNorm' in sum ? sum.clippingNorm : null;
  if (clippingNorm !== expected.clippingNorm)
    throw invalidConfig(
      `the sum is clipped to ${clippingNorm}, but the clipping norm of this step is ` +
        `${expected.clippingNorm}.`,
    );
  if (isAdaptive(plan) && 'within' in sum && sum.within === null)
    throw invalidConfig(
      'adaptive clipping: the sum has no count of the records within the norm. Pass their norms to ' +
        'asClippedSum.',
    );
}

function budgetExceeded(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.BudgetExceeded, message });
}
