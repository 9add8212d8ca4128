import { decodeAdapter } from '../../engine/language-model/adapter-file.ts';
import { applyAdapter } from '../../engine/language-model/apply-adapter.ts';
import type { LanguageModel } from '../../engine/language-model/language-model.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * The model with an adapter of the store, or the model itself without one. Weights of the base model that the result does not use
 * are disposed. Throws what the store throws.
 */
export async function adaptedModel(params: {
  store: ArtifactStore;
  base: LanguageModel;
  adapter: ArtifactRef | null;
}): Promise<LanguageModel> {
  const { store, base, adapter } = params;
  if (adapter === null) return base;
  const bytes = await store.read(adapter);
  const model = applyAdapter({ model: base, ...decodeAdapter({ model: base.config, bytes }) });
  for (const [name, weight] of base.weights) if (weight !== model.weights.get(name)) weight.dispose();
  return model;
}
