import { invalidConfig } from '../../../schemas/errors.ts';

/** Turns noised gradients into updates: post-processing, so it costs no privacy. */
export interface Optimizer {
  /** One update, in place on `parameters` and on {@link state}. @throws InvalidConfig when the lengths differ */
  update(params: OptimizerUpdate): void;
  readonly state: OptimizerState;
}

export interface OptimizerUpdate {
  /** [parameters] in the order of the layout that the optimizer was made for. */
  parameters: Float32Array;
  /** [parameters] as the mechanism returned it, noised. */
  gradient: Float32Array;
  learningRate: number;
  /** Standard deviation of the noise on each coordinate of `gradient`, as the mechanism says; 0 without privacy. */
  noiseDeviation: number;
}

/** Everything an optimizer remembers: put it into a checkpoint and training goes on as if never stopped. */
export interface OptimizerState {
  /** Updates made so far. */
  step: number;
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/**
 * The given state, if it has just the vectors of these lengths, or a fresh one, all zero.
 * @throws InvalidConfig for a state of another optimizer or of other parameters
 */
export function openState(lengths: Readonly<Record<string, number>>, state?: OptimizerState): OptimizerState {
  if (state === undefined) {
    const vectors = Object.entries(lengths).map(([name, length]) => [name, new Float32Array(length)]);
    return { step: 0, vectors: Object.fromEntries(vectors) };
  }
  const names = new Set([...Object.keys(lengths), ...Object.keys(state.vectors)]);
  for (const name of names) {
    if (state.vectors[name]?.length !== lengths[name]) {
      throw invalidConfig(
        `optimizer state: "${name}" has ${state.vectors[name]?.length ?? 0} numbers, expected ${lengths[name] ?? 0}; it belongs to other settings, so start again from the run key.`,
      );
    }
  }
  return state;
}

/** @throws InvalidConfig */
export function assertLengths({ parameters, gradient }: OptimizerUpdate, expected: number): void {
  if (parameters.length !== expected || gradient.length !== expected) {
    throw invalidConfig(
      `optimizer: ${parameters.length} parameters and a gradient of ${gradient.length}, but its layout has ${expected}; they must agree.`,
    );
  }
}
