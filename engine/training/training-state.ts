import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type AdamState, newAdamState } from '../privacy/adam.ts';
import { EMPTY_DIGEST } from '../privacy/digest-chain.ts';
import { type IterateAverage, newIterateAverage } from '../privacy/iterate-average.ts';
import type { MechanismDigests } from '../privacy/mechanism.ts';

/** Diagnostics of one update. Computed on private records without noise: internal area only. */
export type StepDiagnostics = {
  step: number;
  /** Records drawn. */
  drawn: number;
  /** Mean loss of the drawn records, nats, as normalised; null for an empty draw. */
  loss: number | null;
  /** Share of drawn records whose gradient was cut to the clipping norm. */
  clipped: number | null;
  medianNorm: number | null;
};

/** All that training remembers between two updates: with the run key it determines every later one. */
export type TrainingState = {
  /** Updates made. */
  step: number;
  parameters: Float32Array;
  adam: AdamState;
  average: IterateAverage;
  digests: MechanismDigests;
  curve: StepDiagnostics[];
};

export function initialTrainingState(parameters: Float32Array): TrainingState {
  return {
    step: 0,
    parameters: Float32Array.from(parameters),
    adam: newAdamState(parameters.length),
    average: newIterateAverage(parameters.length),
    digests: { draw: EMPTY_DIGEST, noise: EMPTY_DIGEST, steps: 0 },
    curve: [],
  };
}

const MAGIC = 'dpsynth checkpoint 1\n';

/** A checkpoint file: a line of JSON, then parameters, Adam's two moments and the average as float32. */
export function encodeTrainingState(state: TrainingState): Buffer {
  const { step, parameters, adam, average, digests, curve } = state;
  const header = JSON.stringify({
    step,
    parameters: parameters.length,
    adamStep: adam.step,
    averaged: average.count,
    digests,
    curve,
  });
  const vectors = [parameters, adam.mean, adam.square, average.sum];
  return Buffer.concat([
    Buffer.from(`${MAGIC}${header}\n`),
    ...vectors.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ]);
}

/** Reads what `encodeTrainingState` wrote. Throws ArtifactCorrupt for anything else. */
export function decodeTrainingState(bytes: Buffer): TrainingState {
  const start = MAGIC.length;
  const end = bytes.indexOf('\n', start);
  if (bytes.subarray(0, start).toString() !== MAGIC || end === -1) throw corrupt();
  const header = JSON.parse(bytes.subarray(start, end).toString());
  const length: number = header.parameters;
  if (bytes.length !== end + 1 + 4 * 4 * length) throw corrupt();
  const vector = (index: number) => {
    const from = end + 1 + index * 4 * length;
    // Copied: the bytes need not stand at a multiple of four.
    return new Float32Array(Uint8Array.from(bytes.subarray(from, from + 4 * length)).buffer);
  };
  return {
    step: header.step,
    parameters: vector(0),
    adam: { step: header.adamStep, mean: vector(1), square: vector(2) },
    average: { count: header.averaged, sum: vector(3) },
    digests: header.digests,
    curve: header.curve,
  };
}

function corrupt(): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: 'The training checkpoint is damaged: remove it, and the run starts again from its key.',
  });
}
