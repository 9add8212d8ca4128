import { setImmediate } from 'node:timers/promises';
import { tf } from '../tensor/tensorflow.ts';
import { encoderBatch } from './batch.ts';
import type { Encoder } from './encoder.ts';
import type { EncoderTokenizer } from './encoder-tokenizer.ts';
import { runEncoder } from './forward.ts';
import { pool, poolingWeights } from './pooling.ts';

/** Tokens of a batch, padding included: enough to keep the processor busy, few enough to stay near it. */
const BATCH_TOKENS = 2048;

/**
 * Sentence embeddings as sentence-transformers makes them: the mean over the tokens of a text, scaled to length 1.
 * Returns [texts, width], row by row in the order of the texts, and the ids of each text. Texts of like length share a batch.
 */
export async function embedTexts(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  texts: readonly string[];
  /** @default what the tokenizer says */
  maxTokens?: number;
  /** Each text in a batch of its own: its embedding then is the same to the last bit, whatever the others are. @default false */
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
    // Ops block the event loop: between batches others get their turn.
    await setImmediate();
  }
  return { embeddings, width, ids };
}

/** Rows cut into batches, longest first: the one that needs most memory is the first. */
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
