import { z } from 'zod';
import { MATRICES, type ModelConfig } from '../model-config.ts';
import type { Family, StoredWeight } from './family.ts';
import { type Sizes, sizesFromGguf } from './sizes.ts';
import { GGUF_NAMES, locateByName, type WeightNames } from './weight-names.ts';

const configSchema = z.object({
  vocab_size: z.int(),
  n_positions: z.int(),
  n_embd: z.int(),
  n_layer: z.int(),
  n_head: z.int(),
  n_inner: z.int().nullish(),
  layer_norm_epsilon: z.number().default(1e-5),
  activation_function: z.enum(['gelu_new', 'gelu_pytorch_tanh']).default('gelu_new'),
  scale_attn_weights: z.literal(true).default(true),
  scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
  add_cross_attention: z.literal(false).default(false),
  tie_word_embeddings: z.literal(true).default(true),
});

/**
 * GPT-2: learned positions, norms with a mean and a bias, a feed-forward layer without a gate, biases
 * throughout.
 */
export const gpt2: Family = {
  readConfig(json) {
    const data = configSchema.parse(json);
    const sizes = {
      vocabulary: data.vocab_size,
      width: data.n_embd,
      hidden: data.n_inner ?? 4 * data.n_embd,
      blocks: data.n_layer,
      heads: data.n_head,
      keyValueHeads: data.n_head,
      headWidth: data.n_embd / data.n_head,
      normEpsilon: data.layer_norm_epsilon,
    };
    return gpt2Config(sizes, data.n_positions);
  },
  /** Hugging Face stores its maps as [inputs, outputs], with queries, keys and values as one map. */
  locate(weight, config) {
    const { transposed: _, ...stored } = locateByName(NAMES, weight);
    return cutOut(stored, weight, config);
  },
  gguf: {
    readConfig: async (facts) => gpt2Config(sizesFromGguf(facts, 'layer'), facts.number('context_length')),
    locate: (weight, config) => cutOut(locateByName(FUSED_GGUF_NAMES, weight), weight, config),
  },
};

function gpt2Config(sizes: Sizes, positions: number): ModelConfig {
  return {
    ...sizes,
    family: 'gpt2',
    norm: 'layer',
    activation: 'gelu-tanh',
    gated: false,
    biases: MATRICES.filter((matrix) => matrix !== 'gate'),
    queryKeyNorm: false,
    postNorms: false,
    attentionScale: 1 / Math.sqrt(sizes.headWidth),
    embeddingScale: 1,
    learnedPositions: positions,
    attention: Array.from({ length: sizes.blocks }, () => ({ rotary: null, window: null })),
    tiedEmbeddings: true,
  };
}

/** Cuts a map out of the queries, keys and values, which are stored side by side. */
function cutOut(stored: StoredWeight, weight: string, config: ModelConfig): StoredWeight {
  const place = ['q', 'k', 'v'].indexOf(weight.split('.')[2]);
  const { width } = config;
  return place === -1 ? stored : { ...stored, columns: { from: place * width, count: width } };
}

const NAMES: WeightNames = {
  embedding: 'transformer.wte',
  positions: 'transformer.wpe',
  finalNorm: 'transformer.ln_f',
  output: 'lm_head',
  block: (index) => `transformer.h.${index}`,
  parts: {
    attentionNorm: 'ln_1',
    feedForwardNorm: 'ln_2',
    q: 'attn.c_attn',
    k: 'attn.c_attn',
    v: 'attn.c_attn',
    o: 'attn.c_proj',
    up: 'mlp.c_fc',
    down: 'mlp.c_proj',
  },
};

const FUSED_GGUF_NAMES: WeightNames = {
  ...GGUF_NAMES,
  parts: { ...GGUF_NAMES.parts, q: 'attn_qkv', k: 'attn_qkv', v: 'attn_qkv' },
};
