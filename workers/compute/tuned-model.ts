import { decodeAdapter } from '../../engine/language-model/adapter-file.ts';
import { applyAdapter } from '../../engine/language-model/apply-adapter.ts';
import type { LanguageModel } from '../../engine/language-model/language-model.ts';

/** The model with the adapter of these bytes. Frees what it takes no more of the base model. */
export function tunedModel(base: LanguageModel, bytes: Buffer): LanguageModel {
  const model = applyAdapter({ model: base, ...decodeAdapter({ model: base.config, bytes }) });
  for (const [name, weight] of base.weights) if (weight !== model.weights.get(name)) weight.dispose();
  return model;
}
