import type { AdapterConfig } from '../../schemas/settings/training.ts';
import { tf } from '../tensor/tensorflow.ts';
import { type LanguageModel, modelFromValues, withWeights } from './language-model.ts';
import { mergedWeights } from './lora.ts';
import { loraLayout } from './lora-layout.ts';
import { withPrompt } from './soft-prompt.ts';

/**
 * Returns the base model with a merged adapter, for generation at the base model's speed. `values` are all
 * numbers of the adapter: every B and then every A for LoRA, [length, width] for a soft prompt, all weights
 * for full fine-tuning.
 */
export function applyAdapter(params: {
  model: LanguageModel;
  adapter: AdapterConfig;
  values: Float32Array;
}): LanguageModel {
  const { model, adapter, values } = params;
  switch (adapter.method) {
    case 'lora':
      return withWeights(model, mergedWeights(model, loraLayout(model.config, adapter), values));
    case 'prompt':
      return withPrompt(model, tf.tensor2d(values, [adapter.length, model.config.width]));
    case 'full':
      return modelFromValues(model.config, values);
  }
}

/** Frees the tensors made by `applyAdapter` but not those of the base model. */
export function disposeAdapted(adapted: LanguageModel, base: LanguageModel): void {
  for (const [name, weight] of adapted.weights) if (weight !== base.weights.get(name)) weight.dispose();
  if (adapted.prompt !== base.prompt) adapted.prompt?.dispose();
}
