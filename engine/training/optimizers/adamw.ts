import type { OptimizerConfig } from '../../../schemas/settings/training.ts';
import { adam } from './adam.ts';
import { assertLengths, type Optimizer, type OptimizerState } from './optimizer.ts';

type AdamWConfig = Omit<Extract<OptimizerConfig, { kind: 'adamw' }>, 'kind'>;

/**
 * Returns Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). Every parameter shrinks
 * by the factor 1 - learningRate * weightDecay before the update. The decay never enters the moments.
 */
export function adamW(config: AdamWConfig, parameters: number, resumed?: OptimizerState): Optimizer {
  const inner = adam(config, parameters, resumed);
  return {
    state: inner.state,
    update(params) {
      assertLengths(params, parameters);
      const { parameters: values, learningRate } = params;
      const kept = 1 - learningRate * config.weightDecay;
      for (let k = 0; k < parameters; k += 1) values[k] *= kept;
      inner.update(params);
    },
  };
}
