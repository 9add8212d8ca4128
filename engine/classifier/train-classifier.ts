import { createHash } from 'node:crypto';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { EarlyStoppingConfig } from '../../schemas/settings/classifier.ts';
import { optimizerSchema } from '../../schemas/settings/training.ts';
import { openMechanism } from '../privacy/mechanism.ts';
import type { MechanismPlan } from '../privacy/mechanism-plan.ts';
import { type RunKey, runKeyFromBytes } from '../privacy/run-key.ts';
import { train } from '../training/train.ts';
import { initialTrainingState } from '../training/training-state.ts';
import type { Architecture } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { watchValidation } from './early-stopping.ts';

/**
 * Trains a classifier with the training loop of the language model: the same sampler, clipping, noise and
 * accountant. The plan sets the number of updates and the privacy. The optimizer is Adam, with a learning
 * rate that falls linearly to 0. `stopping` ends training by the loss on `validation`; this reads the
 * records, so a DP plan refuses it.
 *
 * Without privacy, equal seeds give equal classifiers. With privacy, draws and noise come from a fresh secret
 * key that is never stored; an interrupted training leaves nothing behind and may restart with another key.
 * `onUpdate` receives the number of finished updates; an error that it throws ends the training. Returns the
 * trained numbers [d].
 * @throws InvalidConfig for early stopping under DP
 */
export async function trainClassifier(params: {
  architecture: Architecture;
  records: readonly ClassifierRecord[];
  plan: MechanismPlan;
  learningRate: number;
  seed: number;
  /**
   * The secret key of a private training, which determines its draws and noise. Required if the plan is
   * private.
   */
  runKey?: RunKey;
  stopping?: EarlyStoppingConfig & { validation: readonly ClassifierRecord[] };
  onUpdate?: (done: number) => void;
}): Promise<Float32Array> {
  const { architecture, records, plan, learningRate, seed, runKey, stopping, onUpdate } = params;
  if (plan.private && runKey === undefined)
    throw invalidConfig(
      'A private training needs a secret key: with a public key, its noise could be removed.',
    );
  if (plan.private && stopping !== undefined)
    throw invalidConfig(
      'Early stopping reads private records outside the budget: under DP the number of updates is fixed.',
    );
  const method = architecture.method({ seed, step: () => state.step });
  const state = initialTrainingState(method.initial(), { averaging: 0 });
  const watch = stopping === undefined ? null : watchValidation({ architecture, ...stopping });
  let reported = 0;
  try {
    const trained = await train({
      phase: 'classify',
      method,
      records,
      mechanism: openMechanism(plan, runKey ?? publicKey(seed)),
      training: {
        optimizer: optimizerSchema.parse({ kind: 'adam' }),
        learningRate: { peak: learningRate, warmupSteps: 0, decay: 'linear' },
        averaging: 0,
        checkpointEvery: stopping?.every ?? plan.steps,
      },
      microBatch: architecture.microBatch,
      recompute: false,
      state,
      saveCheckpoint: async ({ step, parameters }) => watch?.look(step, parameters),
      onProgress({ step }) {
        if (step > reported) onUpdate?.(step);
        reported = step;
      },
      signal: watch?.signal ?? new AbortController().signal,
    });
    return watch?.best() ?? trained;
  } catch (error) {
    if (watch?.signal.aborted && error instanceof DpsynthError && error.type === ErrorType.Interrupted)
      return watch.best();
    throw error;
  }
}

/** Returns a key made from the public seed. Without noise there is nothing to hide. */
function publicKey(seed: number): RunKey {
  return runKeyFromBytes(createHash('sha256').update(`classifier ${seed}`).digest());
}
