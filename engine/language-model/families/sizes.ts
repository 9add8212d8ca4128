import { z } from 'zod';
import { invalidConfig } from '../../../schemas/errors.ts';
import type { ModelConfig } from '../model-config.ts';
import type { GgufFacts } from './family.ts';

/** The sizes that every description of a decoder contains, with names of its own. */
export type Sizes = Pick<
  ModelConfig,
  'vocabulary' | 'width' | 'hidden' | 'blocks' | 'heads' | 'keyValueHeads' | 'headWidth' | 'normEpsilon'
>;

/** The sizes in config.json of all families except GPT-2. */
export const sizeFields = {
  vocab_size: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().nullish(),
  head_dim: z.int().nullish(),
  rms_norm_eps: z.number(),
};

const sizeSchema = z.object(sizeFields);

export function sizesFromJson(data: z.infer<typeof sizeSchema>): Sizes {
  return {
    vocabulary: data.vocab_size,
    width: data.hidden_size,
    hidden: data.intermediate_size,
    blocks: data.num_hidden_layers,
    heads: data.num_attention_heads,
    keyValueHeads: data.num_key_value_heads ?? data.num_attention_heads,
    headWidth: data.head_dim ?? data.hidden_size / data.num_attention_heads,
    normEpsilon: data.rms_norm_eps,
  };
}

/**
 * Reads the sizes of a GGUF file. Throws InvalidConfig for a mixture of experts, which has the same
 * architecture name in llama.cpp.
 */
export function sizesFromGguf(facts: GgufFacts, norm: ModelConfig['norm']): Sizes {
  if (facts.number('expert_count', 0) > 0)
    throw invalidConfig('The GGUF file contains a mixture of experts, which is not supported.');
  const width = facts.number('embedding_length');
  const heads = facts.number('attention.head_count');
  return {
    vocabulary: facts.vocabulary,
    width,
    hidden: facts.number('feed_forward_length'),
    blocks: facts.number('block_count'),
    heads,
    keyValueHeads: facts.number('attention.head_count_kv', heads),
    headWidth: facts.number('attention.key_length', width / heads),
    normEpsilon: facts.number(`attention.layer_norm_${norm === 'rms' ? 'rms_' : ''}epsilon`),
  };
}
