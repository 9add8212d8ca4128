import type { OptimizerConfig } from '../../../schemas/settings/training.ts';
import { assertLengths, type Optimizer, type OptimizerState, openState } from './optimizer.ts';

type AdamConfig = Omit<Extract<OptimizerConfig, { kind: 'adam' }>, 'kind'>;

/**
 * Returns bias-corrected Adam (Kingma and Ba 2015, algorithm 1).
 *
 * With `noiseCorrection` it is DP-AdamBC (Tang et al. 2024, arXiv 2312.14334). The privacy noise adds its
 * variance Phi to the second moment of every coordinate, and mean / sqrt(max(square - Phi, noiseFloor))
 * subtracts it again. Phi is averaged over the updates like the squares, so the correction is exact even if
 * the noise changes between updates.
 */
export function adam(config: AdamConfig, parameters: number, resumed?: OptimizerState): Optimizer {
  const { beta1, beta2, epsilon, noiseCorrection, noiseFloor } = config;
  const moments = { mean: parameters, square: parameters };
  const state = openState(noiseCorrection ? { ...moments, noise: 1 } : moments, resumed);
  const { mean, square } = state.vectors;
  return {
    state,
    update(params) {
      assertLengths(params, parameters);
      const { parameters: values, gradient, learningRate, noiseDeviation } = params;
      state.step += 1;
      const meanCorrection = 1 - beta1 ** state.step;
      const squareCorrection = 1 - beta2 ** state.step;
      let variance = 0;
      if (noiseCorrection) {
        const average = state.vectors.noise;
        average[0] = beta2 * average[0] + (1 - beta2) * noiseDeviation * noiseDeviation;
        variance = average[0] / squareCorrection;
      }
      for (let k = 0; k < parameters; k += 1) {
        mean[k] = beta1 * mean[k] + (1 - beta1) * gradient[k];
        square[k] = beta2 * square[k] + (1 - beta2) * gradient[k] * gradient[k];
        const second = square[k] / squareCorrection;
        const scale = noiseCorrection
          ? Math.sqrt(Math.max(second - variance, noiseFloor))
          : Math.sqrt(second) + epsilon;
        values[k] -= learningRate * (mean[k] / meanCorrection / scale);
      }
    },
  };
}
