import type { AttentionScope } from '../language-model/attention.ts';
import { padBatch, type TokenBatch } from '../language-model/forward.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';

/** Records padded on the right to one length, with the length of each: [records]. */
export type EncoderBatch = TokenBatch & { lengths: number[] };

export function encoderBatch(sequences: readonly (readonly number[])[]): EncoderBatch {
  return { ...padBatch(sequences), lengths: sequences.map(({ length }) => length) };
}

/**
 * The scope of attention. `mask` [records, 1, tokens] is 0 for tokens, and low enough for padding that a
 * softmax gives exactly 0. It is null if no record is padded.
 */
export type EncoderScope = AttentionScope & { mask: Tensor | null };

const BLOCKED = -1e9;

export function encoderScope({ records, tokens, lengths }: EncoderBatch): EncoderScope {
  const own = { records, tokens, rotary: null, window: null };
  if (lengths.every((length) => length === tokens)) return { ...own, mask: null };
  const mask = new Float32Array(records * tokens).fill(BLOCKED);
  lengths.forEach((length, record) => {
    mask.fill(0, record * tokens, record * tokens + length);
  });
  return { ...own, mask: tf.tensor3d(mask, [records, 1, tokens]) };
}
