import { setImmediate } from 'node:timers/promises';
import { tf } from '../tensor/tensorflow.ts';
import { encoderBatch } from './batch.ts';
import type { Encoder } from './encoder.ts';
import type { EncoderTokenizer } from './encoder-tokenizer.ts';
import { runEncoder } from './forward.ts';
import { pool, poolingWeights } from './pooling.ts';

/** Tokens per batch, including padding: enough to keep the processor busy, few enough for its cache. */
const BATCH_TOKENS = 2048;

/**
 * Returns sentence embeddings [texts, width] in the order of the texts, and the ids of each text. Like
 * sentence-transformers, takes the mean over the tokens of a text and scales it to length 1. Texts of similar
 * length share a batch.
 */
export async function embedTexts(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  texts: readonly string[];
  /** @default the tokenizer's maximum */
  maxTokens?: number;
  /**
   * Each text in a batch of its own: its embedding then is the same to the last bit, whatever the others are.
   * @default false
   */
  apart?: boolean;
  onProgress?: (done: number, of: number) => void;
}): Promise<{ embeddings: Float32Array; width: number; ids: number[][] }> {
  const { encoder, tokenizer, texts, maxTokens = tokenizer.maxTokens, apart = false, onProgress } = params;
  const { width } = encoder.config;
  const ids = texts.map((text) => tokenizer.encode(text, maxTokens));
  const embeddings = new Float32Array(texts.length * width);
  let done = 0;
  for (const rows of batchesByLength(ids, apart ? 1 : BATCH_TOKENS)) {
    const values = tf.tidy(() => {
      const batch = encoderBatch(rows.map((row) => ids[row]));
      const pooled = pool(runEncoder(encoder, batch), poolingWeights(batch, 'mean'));
      return tf.div(pooled, tf.norm(pooled, 2, 1, true)).dataSync();
    });
    rows.forEach((row, i) => {
      embeddings.set(values.subarray(i * width, (i + 1) * width), row * width);
    });
    done += rows.length;
    onProgress?.(done, texts.length);
    // Tensor operations block the event loop, so other tasks run between batches.
    await setImmediate();
  }
  return { embeddings, width, ids };
}

/** Cuts rows into batches, longest first, so that the batch with the highest memory use comes first. */
function batchesByLength(sequences: readonly (readonly number[])[], tokens: number): number[][] {
  const order = [...sequences.keys()].sort((a, b) => sequences[b].length - sequences[a].length);
  const batches: number[][] = [];
  for (let from = 0; from < order.length; ) {
    const rows = Math.max(1, Math.floor(tokens / sequences[order[from]].length));
    batches.push(order.slice(from, from + rows));
    from += rows;
  }
  return batches;
}
