import { z } from 'zod';
import type { ModelConfig, RotaryConfig } from '../model-config.ts';
import type { Family } from './family.ts';
import { LLAMA_NAMES, llamaConfig } from './llama.ts';
import { ggufRotary, ropeParameters, rotaryScaling } from './rotary-fields.ts';
import { type Sizes, sizeFields, sizesFromGguf, sizesFromJson } from './sizes.ts';
import { GGUF_NAMES, locateByName, type WeightNames } from './weight-names.ts';

const LOCAL_BASE = 10_000;
const GLOBAL_BASE = 1_000_000;
/** Every sixth block sees all tokens, the others a window. */
const PATTERN = 6;

const configSchema = z.object({
  ...sizeFields,
  // The larger models leave out fields that are the same as in the 4B model.
  vocab_size: z.int().default(262_208),
  num_attention_heads: z.int().default(8),
  num_key_value_heads: z.int().default(4),
  head_dim: z.int().default(256),
  rms_norm_eps: z.number().default(1e-6),
  query_pre_attn_scalar: z.number().default(256),
  sliding_window: z.int(),
  layer_types: z.array(z.enum(['sliding_attention', 'full_attention'])).nullish(),
  sliding_window_pattern: z.int().nullish(),
  // transformers 5
  rope_parameters: z.object({ sliding_attention: ropeParameters, full_attention: ropeParameters }).nullish(),
  // transformers 4
  rope_theta: z.number().default(GLOBAL_BASE),
  rope_local_base_freq: z.number().default(LOCAL_BASE),
  rope_scaling: ropeParameters.nullish(),
  hidden_activation: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  tie_word_embeddings: z.boolean().default(true),
  attention_bias: z.literal(false).default(false),
  attn_logit_softcapping: z.null().optional(),
  final_logit_softcapping: z.null().optional(),
  use_bidirectional_attention: z.literal(false).default(false),
});

/** Models that also read images nest the config of their language model. */
const outerSchema = z.looseObject({ text_config: z.unknown().optional() });

/**
 * The text part of Gemma 3: norms before and after each layer and on each query and key head, GELU gates and
 * scaled embeddings. Blocks with a window over the last tokens alternate with blocks that see all tokens.
 */
export const gemma3: Family = {
  readConfig(json) {
    const data = configSchema.parse(outerSchema.parse(json).text_config ?? json);
    const rope = data.rope_parameters;
    return gemmaConfig(sizesFromJson(data), {
      local: {
        base: rope?.sliding_attention.rope_theta ?? data.rope_local_base_freq,
        scaling: rotaryScaling(rope?.sliding_attention),
      },
      global: {
        base: rope?.full_attention.rope_theta ?? data.rope_theta,
        scaling: rotaryScaling(rope?.full_attention ?? data.rope_scaling),
      },
      window: data.sliding_window,
      isLocal: (block) =>
        data.layer_types
          ? data.layer_types[block] === 'sliding_attention'
          : (block + 1) % (data.sliding_window_pattern ?? PATTERN) !== 0,
      attentionScale: data.query_pre_attn_scalar ** -0.5,
      tiedEmbeddings: data.tie_word_embeddings,
    });
  },
  /** Hugging Face stores the weights of norms minus one. */
  locate(weight) {
    const stored = locateByName(NAMES, weight);
    return weight.endsWith('Norm.weight') ? { ...stored, add: 1 } : stored;
  },
  gguf: {
    async readConfig(facts) {
      const sizes = sizesFromGguf(facts, 'rms');
      return gemmaConfig(sizes, {
        local: { base: facts.number('rope.freq_base_swa', LOCAL_BASE), scaling: null },
        global: await ggufRotary(facts),
        window: facts.number('attention.sliding_window'),
        isLocal: (block) => (block + 1) % facts.number('attention.sliding_window_pattern', PATTERN) !== 0,
        attentionScale: ggufAttentionScale(sizes),
        tiedEmbeddings: !facts.has('output.weight'),
      });
    },
    locate: (weight) => locateByName(GGUF_NAMES, weight),
  },
};

function gemmaConfig(
  sizes: Sizes,
  own: {
    local: RotaryConfig;
    global: RotaryConfig;
    window: number;
    isLocal: (block: number) => boolean;
    attentionScale: number;
    tiedEmbeddings: boolean;
  },
): ModelConfig {
  const { local, global, window, isLocal, attentionScale, tiedEmbeddings } = own;
  return {
    ...llamaConfig(sizes, global),
    family: 'gemma3',
    activation: 'gelu-tanh',
    queryKeyNorm: true,
    postNorms: true,
    attentionScale,
    embeddingScale: Math.sqrt(sizes.width),
    attention: Array.from({ length: sizes.blocks }, (_, block) =>
      isLocal(block) ? { rotary: local, window } : { rotary: global, window: null },
    ),
    tiedEmbeddings,
  };
}

/**
 * Returns the attention scale, which GGUF does not store. Like llama.cpp, treats the model with 62 blocks as
 * the only one that scales by the model's width per head.
 */
function ggufAttentionScale({ blocks, width, heads, headWidth }: Sizes): number {
  return (blocks === 62 ? width / heads : headWidth) ** -0.5;
}

const NAMES: WeightNames = {
  ...LLAMA_NAMES,
  parts: {
    ...LLAMA_NAMES.parts,
    attentionPostNorm: 'post_attention_layernorm',
    feedForwardNorm: 'pre_feedforward_layernorm',
    feedForwardPostNorm: 'post_feedforward_layernorm',
  },
};
