import { writeRows } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { ModelConfig } from './model-config.ts';

/**
 * The same memory in two shapes: [slots * keyValueHeads * capacity, 1, headWidth] for writing, by head for
 * reading.
 */
type Half = { rows: Tensor; byHead: Tensor };

/** Keys and values of some tokens: [keyValueHeads * tokens, 1, headWidth]. */
export type KeyValues = { k: Tensor; v: Tensor };

/**
 * The keys and values of all tokens so far, for a fixed number of texts. Each text has a slot with room for
 * `capacity` tokens. Tokens are written in place, so the cost of a step does not grow with the cache. Holds
 * tensors: call `dispose`.
 */
export type KeyValueCache = {
  slots(): number;
  capacity(): number;
  /**
   * Returns the rows of the keys and values of tokens `from` to `from + tokens - 1` of a slot, by head, as
   * the `rows` of `write`.
   */
  rowsOf(slot: number, from: number, tokens: number): number[];
  write(block: number, rows: Tensor, values: KeyValues): void;
  /**
   * Returns keys and values of a block, [slots, keyValueHeads, capacity, headWidth]. Unwritten places have
   * zeros or old values.
   */
  read(block: number): KeyValues;
  /** Keeps only some slots, in the given order, with room for `capacity` tokens. */
  resize(kept: readonly number[], capacity: number): void;
  dispose(): void;
};

export function createKeyValueCache(params: {
  config: ModelConfig;
  slots: number;
  capacity: number;
}): KeyValueCache {
  const { keyValueHeads, headWidth, blocks } = params.config;
  let { slots, capacity } = params;
  const half = (byHead: Tensor): Half => ({ byHead, rows: tf.reshape(byHead, [-1, 1, headWidth]) });
  const empty = () => half(tf.fill([slots, keyValueHeads, capacity, headWidth], 0));
  const halves = Array.from({ length: blocks }, () => ({ k: empty(), v: empty() }));

  function resized({ byHead, rows }: Half, kept: readonly number[], room: number): Half {
    const result = tf.tidy(() => {
      const all = kept.length === slots && kept.every((slot, place) => slot === place);
      const chosen = all ? byHead : tf.gather(byHead, tf.tensor1d([...kept], 'int32'));
      if (room > capacity)
        return tf.pad(chosen, [
          [0, 0],
          [0, 0],
          [0, room - capacity],
          [0, 0],
        ]);
      return tf.slice(chosen, [0, 0, 0, 0], [kept.length, keyValueHeads, room, headWidth]);
    });
    tf.dispose([byHead, rows]);
    return half(result);
  }

  return {
    slots: () => slots,
    capacity: () => capacity,
    rowsOf: (slot, from, tokens) =>
      Array.from({ length: keyValueHeads * tokens }, (_, i) => {
        const head = slot * keyValueHeads + Math.floor(i / tokens);
        return head * capacity + from + (i % tokens);
      }),
    write(block, rows, { k, v }) {
      writeRows(halves[block].k.rows, rows, k);
      writeRows(halves[block].v.rows, rows, v);
    },
    read: (block) => ({ k: halves[block].k.byHead, v: halves[block].v.byHead }),
    resize(kept, room) {
      halves.forEach(({ k, v }, block) => {
        halves[block] = { k: resized(k, kept, room), v: resized(v, kept, room) };
      });
      slots = kept.length;
      capacity = room;
    },
    dispose: () => tf.dispose(halves.flatMap(({ k, v }) => [k.byHead, k.rows, v.byHead, v.rows])),
  };
}
