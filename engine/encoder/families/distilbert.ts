import { z } from 'zod';
import { encoderConfig } from '../encoder-config.ts';
import { ACTIVATIONS, type EncoderFamily } from './family.ts';

const configSchema = z.object({
  vocab_size: z.int(),
  dim: z.int(),
  hidden_dim: z.int(),
  n_layers: z.int(),
  n_heads: z.int(),
  max_position_embeddings: z.int(),
  activation: z.enum(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]).default('gelu'),
});

/** Fixed by the model's own code; config.json does not contain it. */
const NORM_EPSILON = 1e-12;

/** DistilBERT (arXiv 1910.01108): BERT without segments, with other names. */
export const distilbert: EncoderFamily = {
  readConfig(json) {
    const data = configSchema.parse(json);
    return encoderConfig({
      vocabulary: data.vocab_size,
      width: data.dim,
      hidden: data.hidden_dim,
      blocks: data.n_layers,
      heads: data.n_heads,
      positions: data.max_position_embeddings,
      segments: 0,
      normEpsilon: NORM_EPSILON,
      activation: ACTIVATIONS[data.activation],
    });
  },
  names: {
    top: {
      embedding: 'embeddings.word_embeddings',
      positions: 'embeddings.position_embeddings',
      embeddingNorm: 'embeddings.LayerNorm',
    },
    block: (index) => `transformer.layer.${index}`,
    parts: {
      q: 'attention.q_lin',
      k: 'attention.k_lin',
      v: 'attention.v_lin',
      o: 'attention.out_lin',
      attentionNorm: 'sa_layer_norm',
      up: 'ffn.lin1',
      down: 'ffn.lin2',
      feedForwardNorm: 'output_layer_norm',
    },
  },
};
