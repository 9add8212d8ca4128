import type { FamilyName, ModelConfig } from '../model-config.ts';
import type { Family } from './family.ts';
import { gemma3 } from './gemma3.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { qwen2, qwen3 } from './qwen.ts';

const FAMILIES_BY_NAME: Record<FamilyName, Family> = { llama, qwen2, qwen3, gpt2, gemma3 };

/** Returns the family of an opened model. */
export function familyOf(config: ModelConfig): Family {
  return FAMILIES_BY_NAME[config.family];
}

/** Families by `model_type` of config.json. */
export const FAMILIES_BY_MODEL_TYPE: ReadonlyMap<string, Family> = new Map([
  ['llama', llama],
  ['qwen2', qwen2],
  ['qwen3', qwen3],
  ['gpt2', gpt2],
  ['gemma3', gemma3],
  ['gemma3_text', gemma3],
]);

/** Families by `general.architecture` of a GGUF file. */
export const FAMILIES_BY_ARCHITECTURE: ReadonlyMap<string, Family> = new Map(
  Object.entries(FAMILIES_BY_NAME),
);
