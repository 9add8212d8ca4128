import type { LoraConfig } from '../../schemas/experiment.ts';
import { openCheckpoint } from './load-model.ts';
import { loraLayout } from './lora.ts';

/** Trainable parameters d of an adapter on the model at `path`. Reads the model's header, not its weights. */
export async function countTrainableParameters(params: {
  path: string;
  adapter: LoraConfig;
}): Promise<number> {
  const { config } = await openCheckpoint(params.path);
  return loraLayout(config, params.adapter).parameters;
}
