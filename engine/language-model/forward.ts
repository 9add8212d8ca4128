import { tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { BlockAdaptation } from './adaptation.ts';
import type { AttentionScope } from './attention.ts';
import { blockForward } from './block.ts';
import type { LanguageModel } from './language-model.ts';
import type { ModelConfig, RotaryConfig } from './model-config.ts';
import { normForward } from './norm.ts';
import { rotaryTables } from './rotary.ts';

/** Token ids of several records, padded on the right to one length. */
export type TokenBatch = { ids: Int32Array; records: number; tokens: number };

/** Pads sequences on the right with 0. In a causal model no real token sees the padding. */
export function padBatch(sequences: readonly (readonly number[])[]): TokenBatch {
  const tokens = Math.max(...sequences.map((sequence) => sequence.length));
  const ids = new Int32Array(sequences.length * tokens);
  sequences.forEach((sequence, row) => {
    ids.set(sequence, row * tokens);
  });
  return { ids, records: sequences.length, tokens };
}

/** Returns the number of tokens of the soft prompt before every record. */
export function promptLength(model: LanguageModel): number {
  return model.prompt?.shape[0] ?? 0;
}

/**
 * Returns the attention scope of each block for records of `tokens` tokens from position 0, including the
 * soft prompt.
 */
export function attentionScopes(
  config: ModelConfig,
  batch: { records: number; tokens: number },
): AttentionScope[] {
  const { records, tokens } = batch;
  const positions = Array.from({ length: tokens }, (_, position) => position);
  const tables = new Map<string, AttentionScope['rotary']>();
  const tablesOf = (rotary: RotaryConfig) => {
    const key = JSON.stringify(rotary);
    const known = tables.get(key) ?? rotaryTables({ rotary, headWidth: config.headWidth, positions });
    tables.set(key, known);
    return known;
  };
  return config.attention.map(({ rotary, window }) => ({
    records,
    tokens,
    rotary: rotary && tablesOf(rotary),
    window,
  }));
}

/**
 * Returns the input of the first block, [records * (promptLength + tokens), width]: the soft prompt, then the
 * token embeddings, with learned positions if the model has them.
 */
export function embed(model: LanguageModel, batch: TokenBatch): Tensor {
  const { config, prompt, positions } = model;
  const { records, tokens } = batch;
  const { width, embeddingScale } = config;
  const looked = tf.gather(model.embedding, tf.tensor1d(batch.ids, 'int32'));
  const own = embeddingScale === 1 ? looked : tf.mul(looked, embeddingScale);
  if (prompt === null && positions === null) return own;
  const length = promptLength(model) + tokens;
  let x = tf.reshape(own, [records, tokens, width]);
  if (prompt !== null) x = tf.concat([tf.tile(tf.expandDims(prompt, 0), [records, 1, 1]), x], 1);
  if (positions !== null) x = tf.add(x, tf.slice(positions, [0, 0], [length, width]));
  return tf.reshape(x, [records * length, width]);
}

/** Runs all blocks without keeping tensors for a backward pass. Call inside tf.tidy. */
export function runBlocks(model: LanguageModel, batch: TokenBatch): Tensor {
  const scopes = attentionScopes(model.config, { ...batch, tokens: promptLength(model) + batch.tokens });
  let x = embed(model, batch);
  model.blocks.forEach((_, index) => {
    const y = tidy(() => runBlock({ model, index, x, scope: scopes[index], adaptation: null }).y);
    x.dispose();
    x = y;
  });
  return x;
}

/** Runs one block of a model forward. */
export function runBlock(params: {
  model: LanguageModel;
  index: number;
  x: Tensor;
  scope: AttentionScope;
  adaptation: BlockAdaptation | null;
}): ReturnType<typeof blockForward> {
  const { model, index, ...rest } = params;
  return blockForward({ ...rest, weights: model.blocks[index], config: model.config });
}

/**
 * Returns the hidden states after the final norm at the given rows, which predict the next token: [positions,
 * width].
 */
export function finalHidden(model: LanguageModel, hidden: Tensor, rows: Tensor): Tensor {
  return normForward(tf.gather(hidden, rows), model.finalNorm, model.config).y;
}
