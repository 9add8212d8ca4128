import { softmax, tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { startDecoder } from './decoder.ts';
import type { Llama } from './llama.ts';
import { drawToken, type TokenSampling } from './next-token.ts';

/** One row to generate: its own source of randomness, so that a row's text does not depend on its batch. */
export type GenerationRow = { uniform: () => number };

/**
 * Generates one continuation of a shared prefix for each row. A row that draws the stop token leaves the batch.
 * The stop token is not drawn first: an empty record is of no use. Returns token ids without prefix and stop token.
 */
export async function generate(params: {
  model: Llama;
  prefix: readonly number[];
  rows: readonly GenerationRow[];
  stop: number;
  maxTokens: number;
  sampling: TokenSampling;
  /** Called after every token step with the rows still running. */
  onStep?: (running: number) => void;
  signal?: AbortSignal;
}): Promise<number[][]> {
  const { model, prefix, rows, stop, maxTokens, sampling, onStep, signal } = params;
  const texts: number[][] = rows.map(() => []);
  let running = rows.map((_, row) => row);
  const { decoder, first } = startDecoder(model, prefix, rows.length);
  try {
    let logits = first;
    for (let length = 0; ; length++) {
      const probabilities = readProbabilities(logits, sampling.temperature);
      const next = running.map((row, index) => {
        const own = probabilities.subarray(
          index * model.config.vocabulary,
          (index + 1) * model.config.vocabulary,
        );
        if (length === 0) own[stop] = 0;
        return sampling.temperature === 0 ? argMax(own) : drawToken(own, sampling, rows[row].uniform);
      });
      const kept = next.flatMap((id, index) => (id === stop ? [] : [index]));
      for (const index of kept) texts[running[index]].push(next[index]);
      onStep?.(kept.length);
      if (kept.length === 0 || length + 1 === maxTokens) return texts;
      if (kept.length < running.length) decoder.keep(Int32Array.from(kept));
      running = kept.map((index) => running[index]);
      await new Promise((resume) => setImmediate(resume));
      signal?.throwIfAborted();
      logits = decoder.step(Int32Array.from(kept, (index) => next[index]));
    }
  } finally {
    decoder.dispose();
  }
}

/** Softmax of the logits at a temperature, in memory that may be written to; frees the logits. */
function readProbabilities(logits: Tensor, temperature: number): Float32Array {
  const scale = temperature === 0 ? 1 : temperature;
  const probabilities = tidy(() => softmax(scale === 1 ? logits : tf.div(logits, scale)));
  logits.dispose();
  const values = probabilities.dataSync() as Float32Array;
  probabilities.dispose();
  return values;
}

function argMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
