import { invalidConfig } from '../../../schemas/errors.ts';
import type { OptimizerConfig } from '../../../schemas/settings/training.ts';
import type { ParameterTensor } from '../parameter-layout.ts';
import { adafactor } from './adafactor.ts';
import { adam } from './adam.ts';
import { adamW } from './adamw.ts';
import type { Optimizer, OptimizerState } from './optimizer.ts';
import { sgd } from './sgd.ts';

/**
 * Returns the optimizer that an experiment names, either new or resumed from `state`, which it then changes
 * in place.
 * @param layout the trainable tensors, which fill the flat vector without gaps
 * @throws InvalidConfig for a layout with gaps, or a state made with other settings
 */
export function createOptimizer(
  config: OptimizerConfig,
  layout: readonly ParameterTensor[],
  state?: OptimizerState,
): Optimizer {
  const parameters = lengthOf(layout);
  switch (config.kind) {
    case 'adam':
      return adam(config, parameters, state);
    case 'adamw':
      return adamW(config, parameters, state);
    case 'sgd':
      return sgd(config, parameters, state);
    case 'adafactor':
      return adafactor(layout, state);
  }
}

function lengthOf(layout: readonly ParameterTensor[]): number {
  let end = 0;
  for (const { name, shape, offset, length } of [...layout].sort((a, b) => a.offset - b.offset)) {
    if (offset !== end || length !== shape.reduce((product, size) => product * size, 1)) {
      throw invalidConfig(
        `optimizer: tensor "${name}" of shape [${shape.join(', ')}] and ${length} numbers at ${offset}, expected at ${end}; the layout must have no gaps.`,
      );
    }
    end += length;
  }
  return end;
}
