import { matMul, tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { blockForward, type KeyValues } from './block.ts';
import { batchShape, embed, finalHidden } from './forward.ts';
import type { Llama } from './llama.ts';
import { createRotary } from './rotary.ts';

/** Token-by-token decoding of rows that share one prefix and hence one position. Holds tensors: call `dispose`. */
export type Decoder = {
  /** Logits [rows, vocabulary] after one more token a row. */
  step(ids: Int32Array): Tensor;
  /** Keeps only some rows, in the given order: finished ones leave the batch. */
  keep(rows: Int32Array): void;
  dispose(): void;
};

/** Runs the shared prefix once and gives every row a copy of its keys and values. `first` are the first logits. */
export function startDecoder(
  model: Llama,
  prefix: readonly number[],
  rows: number,
): { decoder: Decoder; first: Tensor } {
  const { config } = model;
  let count = rows;
  let position = prefix.length;
  const cache: KeyValues[] = [];

  const first = tidy(() => {
    const batch = { ids: Int32Array.from(prefix), records: 1, tokens: prefix.length };
    const shape = batchShape(config, batch);
    let x = embed(model, batch);
    for (const weights of model.blocks) {
      const { y, tape } = blockForward({ x, weights, config, shape, lora: null });
      cache.push({ k: tf.keep(tf.tile(tape.k, [rows, 1, 1])), v: tf.keep(tf.tile(tape.v, [rows, 1, 1])) });
      x = y;
    }
    const last = finalHidden(model, x, tf.tensor1d([prefix.length - 1], 'int32'));
    return tf.tile(matMul(last, model.output, { transposeB: true }), [rows, 1]);
  });

  function step(ids: Int32Array): Tensor {
    const logits = tidy(() => {
      const rotary = createRotary({
        headWidth: config.headWidth,
        base: config.ropeBase,
        from: position,
        tokens: 1,
      });
      const shape = { records: count, tokens: 1, rotary, causalMask: null };
      let x = embed(model, { ids, records: count, tokens: 1 });
      model.blocks.forEach((weights, index) => {
        const past = cache[index];
        const { y, tape } = blockForward({ x, weights, config, shape, lora: null, past });
        tf.dispose(past);
        cache[index] = { k: tf.keep(tape.k), v: tf.keep(tape.v) };
        x = y;
      });
      const all = tf.tensor1d(
        Int32Array.from({ length: count }, (_, row) => row),
        'int32',
      );
      return matMul(finalHidden(model, x, all), model.output, { transposeB: true });
    });
    position += 1;
    return logits;
  }

  function keep(kept: Int32Array): void {
    tf.tidy(() => {
      const index = tf.tensor1d(kept, 'int32');
      const pick = (t: Tensor) => {
        const byRow = tf.reshape(t, [count, -1]);
        return tf.keep(
          tf.reshape(tf.gather(byRow, index), [kept.length * config.keyValueHeads, ...t.shape.slice(1)]),
        );
      };
      cache.forEach((past, i) => {
        cache[i] = { k: pick(past.k), v: pick(past.v) };
        tf.dispose(past);
      });
    });
    count = kept.length;
  }

  return { decoder: { step, keep, dispose: () => tf.dispose(cache) }, first };
}
