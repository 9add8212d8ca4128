import { DpsynthError, ErrorType, invalidData } from '../../schemas/errors.ts';
import type { OnProgress } from '../../schemas/jobs.ts';
import type { TrainingConfig } from '../../schemas/settings/training.ts';
import { asClippedSum, asUnclippedSum } from '../privacy/clipping.ts';
import type { NonPrivateMechanism, PrivateMechanism } from '../privacy/mechanism.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { clipAndSum } from './clipped-gradients.ts';
import { averagedIterate, averageIterate } from './iterate-average.ts';
import { learningRateAt } from './learning-rate.ts';
import type { TokenRecord, TrainingMethod } from './methods/method.ts';
import { cutMicroBatches } from './micro-batches.ts';
import { createOptimizer } from './optimizers/create-optimizer.ts';
import type { ParameterTensor } from './parameter-layout.ts';
import type { StepDiagnostics, TrainingState } from './training-state.ts';

export type TrainParams<R extends TokenRecord> = {
  /** Name of the phase in progress reports. */
  phase: string;
  method: TrainingMethod<R>;
  records: readonly R[];
  mechanism: PrivateMechanism | NonPrivateMechanism;
  training: Pick<TrainingConfig, 'optimizer' | 'learningRate' | 'averaging' | 'checkpointEvery'>;
  /** Physical micro-batch. It affects neither draws nor accounting. */
  microBatch: number;
  /** Recomputes activations in the backward pass. */
  recompute: boolean;
  state: TrainingState;
  saveCheckpoint: (state: TrainingState) => Promise<void>;
  onProgress: OnProgress;
  signal: AbortSignal;
};

/**
 * Runs the DP training loop. Each update makes one Poisson draw, cut into physical micro-batches, and clips
 * each record's gradient. The sum is noised once and divided by the expected batch size, and the optimizer
 * applies the result.
 *
 * Starts from `state` and changes it in place. Awaits `saveCheckpoint` every `checkpointEvery` updates, after
 * the last update, and when `signal` aborts, which throws Interrupted. Training resumes from a checkpoint
 * with the same draws and noise. Returns the trained numbers [d], from the last iterate or the average of
 * iterates.
 */
export async function train<R extends TokenRecord>(params: TrainParams<R>): Promise<Float32Array> {
  const { phase, method, records, mechanism, training, state, saveCheckpoint, onProgress, signal } = params;
  const { steps } = mechanism.plan;
  if (records.length !== mechanism.plan.records)
    throw invalidData(
      `The plan accounts for ${mechanism.plan.records} records, but the corpus has a different number: plan again.`,
    );
  const resumed = state.step > 0;
  const start = resumed ? null : Float32Array.from(state.parameters);
  const optimizer = createOptimizer(training.optimizer, method.parameters, state.optimizer ?? undefined);
  state.optimizer = optimizer.state;
  while (state.step < steps) {
    const { step } = state;
    const { diagnostics, ...clipped } = await clippedSum(params, step);
    if (signal.aborted) {
      await saveCheckpoint(state);
      throw new DpsynthError({
        type: ErrorType.Interrupted,
        message: `Training was interrupted after update ${step} of ${steps}; it resumes from its checkpoint.`,
      });
    }
    const { gradient, noiseDeviation } = noisedGradient(mechanism, step, clipped);
    const learningRate = learningRateAt({ schedule: training.learningRate, step, steps });
    optimizer.update({ parameters: state.parameters, gradient, learningRate, noiseDeviation });
    if (training.averaging > 0) averageIterate(state.average, state.parameters, training.averaging);
    state.step += 1;
    state.digests = mechanism.digests();
    state.curve.push(diagnostics);
    if (start !== null && state.step === 1) assertAlive(start, state.parameters);
    if (state.step % training.checkpointEvery === 0 || state.step === steps) await saveCheckpoint(state);
    onProgress({ phase, step: state.step, of: steps });
  }
  return training.averaging > 0 ? averagedIterate(state.average, training.averaging) : state.parameters;
}

/** Sums the clipped gradients of one draw over its micro-batches. */
async function clippedSum<R extends TokenRecord>(
  params: TrainParams<R>,
  step: number,
): Promise<{ sum: Float32Array; norms: number[]; diagnostics: StepDiagnostics }> {
  const { phase, method, records, mechanism, microBatch, recompute, onProgress, signal } = params;
  const drawn = Array.from(mechanism.draw(step), (index) => records[index]);
  const longest = records.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const norms: number[] = [];
  let sums: Tensor[] | null = null;
  let loss = 0;
  let clipped = 0;
  const loaded = method.load(params.state.parameters, { recompute });
  try {
    for (const batch of cutMicroBatches(drawn, { microBatch, longest })) {
      if (signal.aborted) break;
      const gradients = loaded.gradients(batch);
      for (const value of gradients.losses) loss += value;
      const part = clipAndSum({
        gradients,
        groups: method.groups,
        clipping: mechanism.plan.private ? mechanism.plan.clipping : 'flat',
        clippingNorm: mechanism.clippingNorm,
      });
      sums = added(sums, part.sum);
      norms.push(...part.norms);
      clipped += part.clipped;
      onProgress({ phase, step, of: mechanism.plan.steps });
      await new Promise((resume) => setImmediate(resume));
    }
    return {
      sum: flatSum(method.parameters, sums),
      norms,
      diagnostics: { step, ...summary({ norms, loss, clipped }) },
    };
  } finally {
    loaded.dispose();
    tf.dispose(sums ?? []);
  }
}

function added(sums: Tensor[] | null, part: Tensor[]): Tensor[] {
  if (sums === null) return part;
  return part.map((tensor, i) => {
    const sum = tf.add(sums[i], tensor);
    tf.dispose([sums[i], tensor]);
    return sum;
  });
}

/** Returns the sum over a draw as one vector [d]; zero for an empty draw. */
function flatSum(parameters: readonly ParameterTensor[], sums: Tensor[] | null): Float32Array {
  const { offset, length } = parameters[parameters.length - 1];
  const values = new Float32Array(offset + length);
  sums?.forEach((tensor, i) => {
    values.set(tensor.dataSync() as Float32Array, parameters[i].offset);
  });
  return values;
}

function summary(params: { norms: number[]; loss: number; clipped: number }): Omit<StepDiagnostics, 'step'> {
  const { norms, loss, clipped } = params;
  const drawn = norms.length;
  if (drawn === 0) return { drawn, loss: null, clipped: null, medianNorm: null };
  const sorted = norms.toSorted((a, b) => a - b);
  return { drawn, loss: loss / drawn, clipped: clipped / drawn, medianNorm: sorted[drawn >> 1] };
}

/**
 * Releases a sum, at the only place where sums leave the private side: clipped sums with noise, unclipped
 * sums only without privacy.
 */
function noisedGradient(
  mechanism: PrivateMechanism | NonPrivateMechanism,
  step: number,
  { sum: values, norms }: { sum: Float32Array; norms: number[] },
): { gradient: Float32Array; noiseDeviation: number } {
  const { clippingNorm } = mechanism;
  const records = norms.length;
  const { tensors, noiseDeviation } =
    clippingNorm === null
      ? (mechanism as NonPrivateMechanism).privatize({ step, sum: asUnclippedSum({ values, records }) })
      : mechanism.privatize({ step, sum: asClippedSum({ values, clippingNorm, records, norms }) });
  return { gradient: tensors[0], noiseDeviation };
}

/**
 * Checks that the first update changed the adapter, because a dead adapter wastes hours before anybody
 * notices.
 */
function assertAlive(before: Float32Array, after: Float32Array): void {
  if (!after.every(Number.isFinite))
    throw new DpsynthError({
      type: ErrorType.NumericalFailure,
      message:
        'The adapter contains numbers that are not finite after the first update: lower the learning rate.',
    });
  if (after.some((value, i) => value !== before[i])) return;
  throw new DpsynthError({
    type: ErrorType.DeadAdapter,
    message: 'The adapter did not change in the first update: no gradient reaches it. Nothing was trained.',
  });
}
