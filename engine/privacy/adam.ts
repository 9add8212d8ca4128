import { invalidConfig } from '../../schemas/errors.ts';

export interface AdamConfig {
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

/** Everything Adam remembers: put it into a checkpoint and training goes on as if never stopped. */
export interface AdamState {
  /** Updates made so far. */
  step: number;
  /** [parameters] moving mean of gradients. */
  readonly mean: Float32Array;
  /** [parameters] moving mean of squared gradients. */
  readonly square: Float32Array;
}

export function newAdamState(parameters: number): AdamState {
  return { step: 0, mean: new Float32Array(parameters), square: new Float32Array(parameters) };
}

/**
 * One bias-corrected Adam update (Kingma and Ba 2015, algorithm 1), in place on `parameters` and `state`. On a privatised gradient this is
 * DP-Adam: post-processing, free of charge.
 * @throws InvalidConfig when the lengths differ
 */
export function adamUpdate(params: {
  parameters: Float32Array;
  gradient: Float32Array;
  state: AdamState;
  learningRate: number;
  config?: AdamConfig;
}): void {
  const { parameters, gradient, state, learningRate, config = {} } = params;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = config;
  const { mean, square } = state;
  if (gradient.length !== parameters.length || mean.length !== parameters.length) {
    throw invalidConfig(
      `Adam: ${parameters.length} parameters, a gradient of ${gradient.length} and a state of ${mean.length}; they must agree.`,
    );
  }
  state.step += 1;
  const meanCorrection = 1 - beta1 ** state.step;
  const squareCorrection = 1 - beta2 ** state.step;
  for (let k = 0; k < parameters.length; k += 1) {
    mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
    square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
    const direction = mean[k] / meanCorrection / (Math.sqrt(square[k] / squareCorrection) + epsilon);
    parameters[k] -= learningRate * direction;
  }
}
