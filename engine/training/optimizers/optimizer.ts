import { invalidConfig } from '../../../schemas/errors.ts';

/** Turns noised gradients into updates. This is post-processing, so it costs no privacy. */
export interface Optimizer {
  /**
   * Makes one update, in place on `parameters` and on {@link state}. @throws InvalidConfig if the lengths
   * differ
   */
  update(params: OptimizerUpdate): void;
  readonly state: OptimizerState;
}

export interface OptimizerUpdate {
  /** [parameters] in the order of the optimizer's layout. */
  parameters: Float32Array;
  /** [parameters] The noised gradient from the mechanism. */
  gradient: Float32Array;
  learningRate: number;
  /** Standard deviation of the mechanism's noise on each coordinate of `gradient`; 0 without privacy. */
  noiseDeviation: number;
}

/**
 * Everything an optimizer remembers. With it in a checkpoint, training resumes as if it had never stopped.
 */
export interface OptimizerState {
  /** Updates made so far. */
  step: number;
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/**
 * Returns the given state if its vectors are exactly those of `lengths`, or a new state of zeros if none is
 * given.
 * @throws InvalidConfig for the state of another optimizer or of other parameters
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
        `optimizer state: "${name}" has ${state.vectors[name]?.length ?? 0} numbers, expected ${lengths[name] ?? 0}; it was made with other settings, so start again from the run key.`,
      );
    }
  }
  return state;
}

/** Throws InvalidConfig if the lengths differ from `expected`. */
export function assertLengths({ parameters, gradient }: OptimizerUpdate, expected: number): void {
  if (parameters.length !== expected || gradient.length !== expected) {
    throw invalidConfig(
      `optimizer: ${parameters.length} parameters and a gradient of ${gradient.length}, but its layout has ${expected}; the lengths must be equal.`,
    );
  }
}
