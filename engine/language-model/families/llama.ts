import { z } from 'zod';
import { MATRICES, type MatrixName, type ModelConfig, type RotaryConfig } from '../model-config.ts';
import type { Family } from './family.ts';
import { ggufRotary, rotaryConfig, rotaryFields } from './rotary-fields.ts';
import { type Sizes, sizeFields, sizesFromGguf, sizesFromJson } from './sizes.ts';
import { GGUF_NAMES, locateByName, type WeightNames } from './weight-names.ts';

const configSchema = z.object({
  ...sizeFields,
  ...rotaryFields,
  hidden_act: z.literal('silu').default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

/** Llama 2 and 3, and SmolLM2, which is built like them. */
export const llama: Family = {
  readConfig(json) {
    const data = configSchema.parse(json);
    const biases: MatrixName[] = [];
    if (data.attention_bias) biases.push('q', 'k', 'v', 'o');
    if (data.mlp_bias) biases.push('gate', 'up', 'down');
    return {
      ...llamaConfig(sizesFromJson(data), rotaryConfig(data)),
      biases,
      tiedEmbeddings: data.tie_word_embeddings,
    };
  },
  locate: (weight) => locateByName(LLAMA_NAMES, weight),
  gguf: {
    async readConfig(facts) {
      return {
        ...llamaConfig(sizesFromGguf(facts, 'rms'), await ggufRotary(facts)),
        biases: MATRICES.filter((matrix) => facts.has(`blk.0.${GGUF_NAMES.parts[matrix]}.bias`)),
        tiedEmbeddings: !facts.has('output.weight'),
      };
    },
    locate(weight, { heads, keyValueHeads }) {
      const stored = locateByName(GGUF_NAMES, weight);
      if (/\.q\./.test(weight)) return { ...stored, interleavedHeads: heads };
      return /\.k\./.test(weight) ? { ...stored, interleavedHeads: keyValueHeads } : stored;
    },
  },
};

/** Returns the features of Llama, from which other families differ in a few points. */
export function llamaConfig(sizes: Sizes, rotary: RotaryConfig): ModelConfig {
  return {
    ...sizes,
    family: 'llama',
    norm: 'rms',
    activation: 'silu',
    gated: true,
    biases: [],
    queryKeyNorm: false,
    postNorms: false,
    attentionScale: 1 / Math.sqrt(sizes.headWidth),
    embeddingScale: 1,
    learnedPositions: null,
    attention: Array.from({ length: sizes.blocks }, () => ({ rotary, window: null })),
    tiedEmbeddings: false,
  };
}

export const LLAMA_NAMES: WeightNames = {
  embedding: 'model.embed_tokens',
  finalNorm: 'model.norm',
  output: 'lm_head',
  block: (index) => `model.layers.${index}`,
  parts: {
    attentionNorm: 'input_layernorm',
    feedForwardNorm: 'post_attention_layernorm',
    queryNorm: 'self_attn.q_norm',
    keyNorm: 'self_attn.k_norm',
    q: 'self_attn.q_proj',
    k: 'self_attn.k_proj',
    v: 'self_attn.v_proj',
    o: 'self_attn.o_proj',
    gate: 'mlp.gate_proj',
    up: 'mlp.up_proj',
    down: 'mlp.down_proj',
  },
};
