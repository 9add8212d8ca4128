import { z } from 'zod';
import { encoderConfig } from '../encoder-config.ts';
import { ACTIVATIONS, type EncoderFamily } from './family.ts';

const configSchema = z.object({
  vocab_size: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  max_position_embeddings: z.int(),
  type_vocab_size: z.int(),
  layer_norm_eps: z.number().default(1e-12),
  hidden_act: z.enum(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]).default('gelu'),
  position_embedding_type: z.literal('absolute').default('absolute'),
  is_decoder: z.literal(false).default(false),
  add_cross_attention: z.literal(false).default(false),
});

/** BERT (arXiv 1810.04805), and MiniLM, which is built like it. */
export const bert: EncoderFamily = {
  readConfig(json) {
    const data = configSchema.parse(json);
    return encoderConfig({
      vocabulary: data.vocab_size,
      width: data.hidden_size,
      hidden: data.intermediate_size,
      blocks: data.num_hidden_layers,
      heads: data.num_attention_heads,
      positions: data.max_position_embeddings,
      segments: data.type_vocab_size,
      normEpsilon: data.layer_norm_eps,
      activation: ACTIVATIONS[data.hidden_act],
    });
  },
  names: {
    top: {
      embedding: 'embeddings.word_embeddings',
      positions: 'embeddings.position_embeddings',
      segments: 'embeddings.token_type_embeddings',
      embeddingNorm: 'embeddings.LayerNorm',
    },
    block: (index) => `encoder.layer.${index}`,
    parts: {
      q: 'attention.self.query',
      k: 'attention.self.key',
      v: 'attention.self.value',
      o: 'attention.output.dense',
      attentionNorm: 'attention.output.LayerNorm',
      up: 'intermediate.dense',
      down: 'output.dense',
      feedForwardNorm: 'output.LayerNorm',
    },
  },
};
