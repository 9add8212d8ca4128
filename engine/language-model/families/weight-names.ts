import type { StoredWeight } from './family.ts';

/** How a checkpoint names its tensors; `parts` has the names within a block, by their names in weights.ts. */
export type WeightNames = {
  embedding: string;
  positions?: string;
  finalNorm: string;
  output: string;
  block: (index: string) => string;
  parts: Readonly<Record<string, string>>;
};

/** The names of llama.cpp, which are the same for all families. */
export const GGUF_NAMES: WeightNames = {
  embedding: 'token_embd',
  positions: 'position_embd',
  finalNorm: 'output_norm',
  output: 'output',
  block: (index) => `blk.${index}`,
  parts: {
    attentionNorm: 'attn_norm',
    attentionPostNorm: 'post_attention_norm',
    feedForwardNorm: 'ffn_norm',
    feedForwardPostNorm: 'post_ffw_norm',
    queryNorm: 'attn_q_norm',
    keyNorm: 'attn_k_norm',
    q: 'attn_q',
    k: 'attn_k',
    v: 'attn_v',
    o: 'attn_output',
    gate: 'ffn_gate',
    up: 'ffn_up',
    down: 'ffn_down',
  },
};

/** Returns where a weight is in a checkpoint that stores every linear map separately as [outputs, inputs]. */
export function locateByName(names: WeightNames, weight: string): StoredWeight {
  if (weight === 'embedding') return { tensor: `${names.embedding}.weight` };
  if (weight === 'positions') return { tensor: `${names.positions}.weight` };
  if (weight === 'output') return { tensor: `${names.output}.weight` };
  if (weight.startsWith('finalNorm.')) return { tensor: weight.replace('finalNorm', names.finalNorm) };
  const [, index, part, kind] = weight.split('.');
  const tensor = `${names.block(index)}.${names.parts[part]}.${kind}`;
  return kind === 'weight' && !part.endsWith('Norm') ? { tensor, transposed: true } : { tensor };
}
