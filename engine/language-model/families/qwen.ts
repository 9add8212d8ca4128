import { z } from 'zod';
import type { MatrixName } from '../model-config.ts';
import type { Family } from './family.ts';
import { LLAMA_NAMES, llamaConfig } from './llama.ts';
import { ggufRotary, rotaryConfig, rotaryFields } from './rotary-fields.ts';
import { sizeFields, sizesFromGguf, sizesFromJson } from './sizes.ts';
import { GGUF_NAMES, locateByName } from './weight-names.ts';

const configSchema = z.object({
  ...sizeFields,
  ...rotaryFields,
  hidden_act: z.literal('silu').default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  use_sliding_window: z.literal(false).default(false),
});

/** Qwen 2 and 2.5: Llama with biases on the queries, keys and values. */
export const qwen2: Family = qwen(() => ({ family: 'qwen2', biases: ['q', 'k', 'v'], queryKeyNorm: false }));

/** Qwen 3: Llama with a norm on each query and key head. */
export const qwen3: Family = qwen((attentionBias) => ({
  family: 'qwen3',
  biases: attentionBias ? ['q', 'k', 'v', 'o'] : [],
  queryKeyNorm: true,
}));

type Difference = { family: 'qwen2' | 'qwen3'; biases: MatrixName[]; queryKeyNorm: boolean };

function qwen(differenceOf: (attentionBias: boolean) => Difference): Family {
  return {
    readConfig(json) {
      const data = configSchema.parse(json);
      return {
        ...llamaConfig(sizesFromJson(data), rotaryConfig(data)),
        ...differenceOf(data.attention_bias),
        tiedEmbeddings: data.tie_word_embeddings,
      };
    },
    locate: (weight) => locateByName(LLAMA_NAMES, weight),
    gguf: {
      async readConfig(facts) {
        return {
          ...llamaConfig(sizesFromGguf(facts, 'rms'), await ggufRotary(facts)),
          ...differenceOf(facts.has('blk.0.attn_q.bias')),
          tiedEmbeddings: !facts.has('output.weight'),
        };
      },
      locate: (weight) => locateByName(GGUF_NAMES, weight),
    },
  };
}
