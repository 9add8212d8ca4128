import { matMul, type RotaryTables, tidy, type VisibleKeys, visibleKeys } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { decodeBlock } from './decode-block.ts';
import { attentionScopes, embed, promptLength, runBlock } from './forward.ts';
import { createKeyValueCache, type KeyValues } from './key-value-cache.ts';
import type { LanguageModel } from './language-model.ts';
import type { ModelConfig, RotaryConfig } from './model-config.ts';
import { normForward } from './norm.ts';
import { outputLogits } from './output-loss.ts';
import { rotaryTables } from './rotary.ts';

/** The cache grows by this many tokens at a time, so it seldom grows and little unused room is read. */
const ROOM = 32;

/** A prefix shared by texts: its keys and values in each block. */
export type Prefix = { tokens: number; blocks: KeyValues[] };

/**
 * Runs a prefix, including the soft prompt before it, once for all texts that begin with it. `logits` [1,
 * vocabulary] are those of the next token.
 */
export function runPrefix(model: LanguageModel, ids: readonly number[]): { prefix: Prefix; logits: Tensor } {
  const { config } = model;
  const tokens = promptLength(model) + ids.length;
  const blocks: KeyValues[] = [];
  const logits = tidy(() => {
    const scopes = attentionScopes(config, { records: 1, tokens });
    let x = embed(model, { ids: Int32Array.from(ids), records: 1, tokens: ids.length });
    model.blocks.forEach((_, index) => {
      const { y, k, v } = tidy(() => {
        const { y, tape } = runBlock({ model, index, x, scope: scopes[index], adaptation: null });
        const asRows = (t: Tensor) => tf.reshape(t, [-1, 1, config.headWidth]);
        return { y, k: asRows(tape.attention.k), v: asRows(tape.attention.v) };
      });
      blocks.push({ k: tf.keep(k), v: tf.keep(v) });
      x = y;
    });
    const last = tf.slice(x, [tokens - 1, 0], [1, config.width]);
    return outputLogits(finalNorm(model, last), model);
  });
  return { prefix: { tokens, blocks }, logits };
}

export function disposePrefix({ blocks }: Prefix): void {
  tf.dispose(blocks.flatMap(({ k, v }) => [k, v]));
}

/**
 * Decodes several texts, each in a slot and with its own length. Every step advances each text by one token.
 * Holds tensors: call `dispose`.
 */
export type Decoder = {
  /** Starts a new text with this prefix in a slot. */
  start(slot: number, prefix: Prefix): void;
  /**
   * Returns the logits [slots, vocabulary] after one more token per slot. -1 marks an empty slot, whose
   * logits are meaningless.
   */
  step(ids: readonly number[]): Tensor;
  /** Keeps only some slots, in the given order. */
  keep(slots: readonly number[]): void;
  dispose(): void;
};

export function createDecoder(model: LanguageModel, slots: number): Decoder {
  const { config } = model;
  const cache = createKeyValueCache({ config, slots, capacity: ROOM });
  // [width, vocabulary]: with few rows the product is a third faster, at the memory of one more output
  // projection.
  const output = model.frozenOutput ? null : tf.transpose(model.output);
  let lengths: number[] = new Array(slots).fill(0);

  function ensureRoom(tokens: number): void {
    if (tokens <= cache.capacity()) return;
    cache.resize([...lengths.keys()], Math.ceil(tokens / ROOM) * ROOM);
  }

  return {
    start(slot, prefix) {
      ensureRoom(prefix.tokens + 1);
      tf.tidy(() => {
        const rows = tf.tensor1d(cache.rowsOf(slot, 0, prefix.tokens), 'int32');
        prefix.blocks.forEach((values, block) => {
          cache.write(block, rows, values);
        });
      });
      lengths[slot] = prefix.tokens;
    },

    step(ids) {
      // An empty slot runs like one at its first token.
      const positions = lengths.map((length, slot) => (ids[slot] < 0 ? 0 : length));
      ensureRoom(Math.max(...positions) + 1);
      const logits = tidy(() => {
        const rows = tf.tensor1d(
          positions.flatMap((position, slot) => cache.rowsOf(slot, position, 1)),
          'int32',
        );
        const scopes = slotScopes(config, positions, cache.capacity());
        let x = embedTokens(model, ids, positions);
        model.blocks.forEach((weights, block) => {
          const y = tidy(() => decodeBlock({ x, weights, config, cache, block, rows, ...scopes[block] }));
          x.dispose();
          x = y;
        });
        const normed = finalNorm(model, x);
        return output ? matMul(normed, output) : outputLogits(normed, model);
      });
      lengths = lengths.map((length, slot) => (ids[slot] < 0 ? length : length + 1));
      return logits;
    },

    keep(kept) {
      lengths = kept.map((slot) => lengths[slot]);
      cache.resize(kept, Math.ceil((Math.max(...lengths) + 1) / ROOM) * ROOM);
    },

    dispose() {
      cache.dispose();
      output?.dispose();
    },
  };
}

/**
 * Returns the embeddings of one token per slot, with learned positions if the model has them: [slots, width].
 */
function embedTokens(model: LanguageModel, ids: readonly number[], positions: readonly number[]): Tensor {
  const { embeddingScale } = model.config;
  const tokens = ids.map((id) => Math.max(id, 0));
  const looked = tf.gather(model.embedding, tf.tensor1d(tokens, 'int32'));
  const own = embeddingScale === 1 ? looked : tf.mul(looked, embeddingScale);
  if (model.positions === null) return own;
  return tf.add(own, tf.gather(model.positions, tf.tensor1d([...positions], 'int32')));
}

/**
 * Returns which keys the attention of each block sees from `positions`, one per slot. Blocks with equal
 * settings share tensors.
 */
function slotScopes(config: ModelConfig, positions: readonly number[], capacity: number) {
  const { headWidth } = config;
  const slots = positions.length;
  const tables = new Map<string, RotaryTables>();
  const visible = new Map<number | null, VisibleKeys>();
  const tablesOf = (rotary: RotaryConfig) => {
    const key = JSON.stringify(rotary);
    const known = tables.get(key) ?? rotaryTables({ rotary, headWidth, positions });
    tables.set(key, known);
    return known;
  };
  const visibleOf = (window: number | null) => {
    const known = visible.get(window) ?? visibleKeys(positions, window, capacity);
    visible.set(window, known);
    return known;
  };
  return config.attention.map(({ rotary, window }) => ({
    scope: { records: slots, tokens: 1, rotary: rotary && tablesOf(rotary), window },
    visible: visibleOf(window),
  }));
}

function finalNorm(model: LanguageModel, hidden: Tensor): Tensor {
  return normForward(hidden, model.finalNorm, model.config).y;
}
