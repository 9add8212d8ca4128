import { DpsynthError, ErrorType, invalidData } from '../../schemas/errors.ts';
import type { TrainingConfig } from '../../schemas/experiment.ts';
import type { OnProgress } from '../../schemas/jobs.ts';
import type { Llama } from '../language-model/llama.ts';
import { type LoraLayout, loraTensors } from '../language-model/lora.ts';
import { adamUpdate } from '../privacy/adam.ts';
import { asClippedSum, asUnclippedSum } from '../privacy/clipping.ts';
import { averagedIterate, averageIterate } from '../privacy/iterate-average.ts';
import { learningRateAt } from '../privacy/learning-rate.ts';
import type { NonPrivateMechanism, PrivateMechanism } from '../privacy/mechanism.ts';
import { tf } from '../tensor/tensorflow.ts';
import { clipAndSum } from './clipped-gradients.ts';
import type { EncodedRecord } from './encode-records.ts';
import { recordGradients } from './record-gradients.ts';
import type { StepDiagnostics, TrainingState } from './training-state.ts';

type AnyMechanism = PrivateMechanism | NonPrivateMechanism;

/**
 * The DP training loop: one Poisson draw an update, cut into physical micro-batches; each record's gradient
 * clipped; the sum noised once and divided by the expected batch size; Adam on the result.
 *
 * Starts from `state` and changes it in place. `saveCheckpoint` is awaited every `checkpointEvery` updates, after
 * the last, and when `signal` aborts (then Interrupted is thrown): what is saved can go on with the same draws and
 * noise. Returns the whole adapter, from the last iterate or from the average of iterates.
 */
export async function trainLora(params: {
  model: Llama;
  layout: LoraLayout;
  records: readonly EncodedRecord[];
  mechanism: AnyMechanism;
  training: TrainingConfig;
  microBatch: number;
  /** What of the adapter is not trained: A where it is frozen, else empty. */
  frozen: Float32Array;
  state: TrainingState;
  saveCheckpoint: (state: TrainingState) => Promise<void>;
  onProgress: OnProgress;
  signal: AbortSignal;
}): Promise<Float32Array> {
  const { records, mechanism, training, state, saveCheckpoint, onProgress, signal } = params;
  const { steps } = mechanism.plan;
  if (records.length !== mechanism.plan.records)
    throw invalidData(
      `The plan accounts for ${mechanism.plan.records} records, the corpus has ${records.length}: plan again.`,
    );
  const start = Float32Array.from(state.parameters);
  const resumed = state.step > 0;
  while (state.step < steps) {
    const { step } = state;
    const { sum, diagnostics } = await clippedSum(params, step);
    if (signal.aborted) {
      await saveCheckpoint(state);
      throw new DpsynthError({
        type: ErrorType.Interrupted,
        message: `Fine-tuning was interrupted after update ${step} of ${steps}; it goes on from its checkpoint.`,
      });
    }
    const gradient = release(mechanism, step, sum, diagnostics.drawn);
    const learningRate = learningRateAt({ schedule: training.learningRate, step, steps });
    adamUpdate({ parameters: state.parameters, gradient, state: state.adam, learningRate });
    if (training.averaging > 0) averageIterate(state.average, state.parameters, training.averaging);
    state.step += 1;
    state.digests = mechanism.digests();
    state.curve.push(diagnostics);
    if (!resumed && state.step === 1) assertAlive(start, state.parameters);
    if (state.step % training.checkpointEvery === 0 || state.step === steps) await saveCheckpoint(state);
    onProgress({ phase: 'finetune', step: state.step, of: steps });
  }
  return wholeAdapter(
    training.averaging > 0 ? averagedIterate(state.average, training.averaging) : state.parameters,
    params.frozen,
  );
}

/** The flat vector of the adapter: what is trained, then what is frozen. */
function wholeAdapter(trained: Float32Array, frozen: Float32Array): Float32Array {
  const values = new Float32Array(trained.length + frozen.length);
  values.set(trained);
  values.set(frozen, trained.length);
  return values;
}

/** Sums the clipped gradients of one draw over its micro-batches. Longest records first: little padding, early OOM. */
async function clippedSum(
  params: Parameters<typeof trainLora>[0],
  step: number,
): Promise<{ sum: Float32Array; diagnostics: StepDiagnostics }> {
  const { model, layout, records, mechanism, training, microBatch, state, onProgress, signal } = params;
  const { clippingNorm, steps } = mechanism.plan;
  const drawn = Array.from(mechanism.draw(step), (index) => records[index]);
  drawn.sort((a, b) => b.ids.length - a.ids.length);
  const sum = new Float32Array(layout.parameters);
  const norms: number[] = [];
  let loss = 0;
  let clipped = 0;
  const lora = loraTensors(layout, wholeAdapter(state.parameters, params.frozen));
  try {
    for (let from = 0; from < drawn.length && !signal.aborted; from += microBatch) {
      const { losses, gradients } = recordGradients({
        model,
        layout,
        lora,
        records: drawn.slice(from, from + microBatch),
        lossNormalisation: training.lossNormalisation,
        maxTokens: training.maxTokens,
      });
      const part = clipAndSum(gradients, clippingNorm);
      for (let k = 0; k < sum.length; k++) sum[k] += part.sum[k];
      norms.push(...part.norms);
      clipped += part.clipped;
      for (const value of losses) loss += value;
      onProgress({ phase: 'finetune', step, of: steps });
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    for (const { a, b } of lora) tf.dispose([a, b]);
  }
  const count = drawn.length;
  const sorted = norms.sort((a, b) => a - b);
  return {
    sum,
    diagnostics: {
      step,
      drawn: count,
      loss: count ? loss / count : null,
      clipped: count ? clipped / count : null,
      medianNorm: count ? sorted[count >> 1] : null,
    },
  };
}

/** The one place where a sum leaves the private side: clipped sums through the noise, others only without privacy. */
function release(mechanism: AnyMechanism, step: number, values: Float32Array, records: number): Float32Array {
  const { clippingNorm } = mechanism.plan;
  const [gradient] =
    clippingNorm === null
      ? (mechanism as NonPrivateMechanism).privatize({ step, sum: asUnclippedSum({ values, records }) })
      : mechanism.privatize({ step, sum: asClippedSum({ values, clippingNorm, records }) });
  return gradient;
}

/** A dead adapter costs hours before anybody looks at its text: after the first update it must have moved. */
function assertAlive(before: Float32Array, after: Float32Array): void {
  if (!after.every(Number.isFinite))
    throw new DpsynthError({
      type: ErrorType.NumericalFailure,
      message: 'The adapter has numbers that are not finite after the first update: lower the learning rate.',
    });
  if (after.some((value, i) => value !== before[i])) return;
  throw new DpsynthError({
    type: ErrorType.DeadAdapter,
    message: 'The adapter did not move in the first update: no gradient reaches it. Nothing was trained.',
  });
}
