import type { AdapterConfig } from '../../schemas/settings/training.ts';
import { tf } from '../tensor/tensorflow.ts';
import { type LanguageModel, modelFromValues, withWeights } from './language-model.ts';
import { mergedWeights } from './lora.ts';
import { loraLayout } from './lora-layout.ts';
import { withPrompt } from './soft-prompt.ts';

/**
 * The base model with an adapter built in, for generation at the base model's speed. `values` are all numbers of the
 * adapter: of LoRA every B and then every A, of a soft prompt [length, width], of full fine-tuning all weights.
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

/** Frees what `applyAdapter` made, and leaves the base model whole. */
export function disposeAdapted(adapted: LanguageModel, base: LanguageModel): void {
  for (const [name, weight] of adapted.weights) if (weight !== base.weights.get(name)) weight.dispose();
  if (adapted.prompt !== base.prompt) adapted.prompt?.dispose();
}
