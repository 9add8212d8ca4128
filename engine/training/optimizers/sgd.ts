import type { OptimizerConfig } from '../../../schemas/settings/training.ts';
import { assertLengths, type Optimizer, type OptimizerState, openState } from './optimizer.ts';

type SgdConfig = Omit<Extract<OptimizerConfig, { kind: 'sgd' }>, 'kind'>;

/**
 * Returns gradient descent with heavy-ball momentum (Polyak 1964): v = momentum * v + gradient, then
 * parameters -= learningRate * v.
 */
export function sgd({ momentum }: SgdConfig, parameters: number, resumed?: OptimizerState): Optimizer {
  // Without momentum there is nothing to remember.
  const state = openState(momentum > 0 ? { velocity: parameters } : {}, resumed);
  return {
    state,
    update(params) {
      assertLengths(params, parameters);
      const { parameters: values, gradient, learningRate } = params;
      const { velocity } = state.vectors;
      state.step += 1;
      for (let k = 0; k < parameters; k += 1) {
        let direction = gradient[k];
        if (velocity) {
          direction += momentum * velocity[k];
          velocity[k] = direction;
        }
        values[k] -= learningRate * direction;
      }
    },
  };
}
