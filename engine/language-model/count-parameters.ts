import type { AdapterConfig } from '../../schemas/settings/training.ts';
import { openCheckpoint } from './load-model.ts';
import { loraLayout } from './lora-layout.ts';
import type { ModelConfig } from './model-config.ts';
import { parameterCount } from './weights.ts';

/**
 * Returns the number of trainable parameters d of an adapter on the model at `path`. Reads the model's
 * header, not its weights.
 */
export async function countTrainableParameters(params: {
  path: string;
  adapter: AdapterConfig;
}): Promise<number> {
  const { config } = await openCheckpoint(params.path);
  return trainableParameters(config, params.adapter);
}

export function trainableParameters(model: ModelConfig, adapter: AdapterConfig): number {
  switch (adapter.method) {
    case 'lora':
      return loraLayout(model, adapter).parameters;
    case 'prompt':
      return adapter.length * model.width;
    case 'full':
      return parameterCount(model);
  }
}
