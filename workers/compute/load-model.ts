import { assertFinite } from '../../engine/language-model/assert-finite.ts';
import type { CheckpointSource } from '../../engine/language-model/checkpoint-source.ts';
import type { LanguageModel } from '../../engine/language-model/language-model.ts';
import { loadLanguageModel } from '../../engine/language-model/load-language-model.ts';
import { openModel } from './open-model.ts';

/** A model of a config, by catalog name or path, with its weights in memory, after it has read a public text without fault. */
export async function loadModel(name: string): Promise<{ model: LanguageModel; source: CheckpointSource }> {
  const source = await openModel(name);
  const model = await loadLanguageModel(source);
  await assertFinite({ model, tokenizer: source.tokenizer, name });
  return { model, source };
}
