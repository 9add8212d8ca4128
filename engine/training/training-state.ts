import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { TrainingConfig } from '../../schemas/settings/training.ts';
import { EMPTY_DIGEST } from '../privacy/digest-chain.ts';
import type { MechanismDigests } from '../privacy/mechanism.ts';
import { type IterateAverage, newIterateAverage } from './iterate-average.ts';
import type { OptimizerState } from './optimizers/optimizer.ts';

/** Diagnostics of one update. Computed on private records without noise, so only for the internal area. */
export type StepDiagnostics = {
  step: number;
  /** Records drawn. */
  drawn: number;
  /** Mean normalised loss of the drawn records in nats; null for an empty draw. */
  loss: number | null;
  /** Share of drawn records whose gradient was clipped. */
  clipped: number | null;
  medianNorm: number | null;
};

/**
 * Everything that training remembers between two updates. With the run key it determines all later updates.
 */
export type TrainingState = {
  /** Number of updates made. */
  step: number;
  parameters: Float32Array;
  /** null before training starts. */
  optimizer: OptimizerState | null;
  average: IterateAverage;
  digests: MechanismDigests;
  curve: StepDiagnostics[];
};

/** Returns the state before the first update. It has an average only if one is needed. */
export function initialTrainingState(
  parameters: Float32Array,
  { averaging }: Pick<TrainingConfig, 'averaging'>,
): TrainingState {
  return {
    step: 0,
    parameters: Float32Array.from(parameters),
    optimizer: null,
    average: newIterateAverage(averaging > 0 ? parameters.length : 0),
    digests: { draw: EMPTY_DIGEST, noise: EMPTY_DIGEST, steps: 0 },
    curve: [],
  };
}

const MAGIC = 'dpsynth checkpoint 2\n';

type Header = Pick<TrainingState, 'step' | 'digests' | 'curve'> & {
  optimizerStep: number | null;
  averaged: number;
  /** Name and length of each vector, in the order of the file. */
  vectors: [string, number][];
};

/** A checkpoint may have gigabytes, so it is written in pieces of this size. */
const CHUNK_BYTES = 16 * 2 ** 20;

/**
 * Yields a checkpoint file piece by piece: a line of JSON, then parameters, the average and the optimizer's
 * vectors as float32.
 */
export function* encodeTrainingState(state: TrainingState): Generator<Uint8Array> {
  const { step, parameters, optimizer, average, digests, curve } = state;
  const vectors = { parameters, average: average.sum, ...prefixed(optimizer) };
  const header: Header = {
    step,
    optimizerStep: optimizer?.step ?? null,
    averaged: average.count,
    digests,
    curve,
    vectors: Object.entries(vectors).map(([name, { length }]) => [name, length]),
  };
  yield Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);
  for (const { buffer, byteOffset, byteLength } of Object.values(vectors))
    for (let from = 0; from < byteLength; from += CHUNK_BYTES)
      yield Buffer.from(buffer, byteOffset + from, Math.min(CHUNK_BYTES, byteLength - from));
}

const OPTIMIZER = 'optimizer/';

function prefixed(optimizer: OptimizerState | null): Record<string, Float32Array> {
  const entries = Object.entries(optimizer?.vectors ?? {});
  return Object.fromEntries(entries.map(([name, vector]) => [OPTIMIZER + name, vector]));
}

/** Reads the output of `encodeTrainingState`. Throws ArtifactCorrupt for anything else. */
export function decodeTrainingState(bytes: Buffer): TrainingState {
  const start = MAGIC.length;
  const end = bytes.indexOf('\n', start);
  if (bytes.subarray(0, start).toString() !== MAGIC || end === -1) throw corrupt();
  const header: Header = JSON.parse(bytes.subarray(start, end).toString());
  let from = end + 1;
  const vectors = header.vectors.map(([name, length]) => {
    // Copied, because the bytes may not be aligned to four.
    const copy = new Uint8Array(bytes.subarray(from, from + 4 * length));
    if (copy.length !== 4 * length) throw corrupt();
    from += 4 * length;
    return [name, new Float32Array(copy.buffer)] as const;
  });
  if (from !== bytes.length) throw corrupt();
  const { parameters, average, ...rest } = Object.fromEntries(vectors);
  const ofOptimizer = Object.entries(rest).map(([name, vector]) => [name.slice(OPTIMIZER.length), vector]);
  return {
    step: header.step,
    parameters,
    optimizer:
      header.optimizerStep === null
        ? null
        : { step: header.optimizerStep, vectors: Object.fromEntries(ofOptimizer) },
    average: { count: header.averaged, sum: average },
    digests: header.digests,
    curve: header.curve,
  };
}

function corrupt(): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: 'The training checkpoint is damaged: remove it, and the run restarts from its key.',
  });
}
