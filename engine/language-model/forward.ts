import { rmsNorm, tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type BatchShape, type BlockTape, blockForward, blockLora } from './block.ts';
import type { Llama } from './llama.ts';
import type { LoraLayout, LoraTensors } from './lora.ts';
import type { ModelConfig } from './model-config.ts';
import { createRotary } from './rotary.ts';

/** Token ids of several records, padded on the right to one length. */
export type TokenBatch = { ids: Int32Array; records: number; tokens: number };

/** Pads sequences on the right with 0. A causal model never looks at the padding from a real token. */
export function padBatch(sequences: readonly (readonly number[])[]): TokenBatch {
  const tokens = Math.max(...sequences.map((sequence) => sequence.length));
  const ids = new Int32Array(sequences.length * tokens);
  sequences.forEach((sequence, row) => {
    ids.set(sequence, row * tokens);
  });
  return { ids, records: sequences.length, tokens };
}

const BLOCKED = -1e9;

/** Positions and mask of a batch. The mask repeats for the query heads of a key head: [group * tokens, tokens]. */
export function batchShape(config: ModelConfig, batch: TokenBatch): BatchShape {
  const { records, tokens } = batch;
  const group = config.heads / config.keyValueHeads;
  const mask = new Float32Array(group * tokens * tokens);
  for (let row = 0; row < group * tokens; row++)
    for (let column = (row % tokens) + 1; column < tokens; column++) mask[row * tokens + column] = BLOCKED;
  return {
    records,
    tokens,
    rotary: createRotary({ headWidth: config.headWidth, base: config.ropeBase, from: 0, tokens }),
    causalMask: tf.tensor2d(mask, [group * tokens, tokens]),
  };
}

/** Looks up token embeddings: [records * tokens, width]. */
export function embed(model: Llama, batch: TokenBatch): Tensor {
  return tf.gather(model.embedding, tf.tensor1d(batch.ids, 'int32'));
}

/** Runs all blocks and keeps no tape but of the blocks from `tapeFrom` on. Call inside tf.tidy. */
export function runBlocks(params: {
  model: Llama;
  batch: TokenBatch;
  shape: BatchShape;
  lora: { layout: LoraLayout; tensors: LoraTensors } | null;
  tapeFrom: number;
}): { hidden: Tensor; tapes: Map<number, BlockTape> } {
  const { model, batch, shape, lora, tapeFrom } = params;
  const tapes = new Map<number, BlockTape>();
  let x = embed(model, batch);
  model.blocks.forEach((weights, index) => {
    const own = lora ? blockLora(lora.layout, lora.tensors, index) : null;
    const run = () => blockForward({ x, weights, config: model.config, shape, lora: own });
    if (index < tapeFrom) {
      const y = tf.tidy(() => run().y);
      x.dispose();
      x = y;
      return;
    }
    const { y, tape } = tidy(run);
    tapes.set(index, tape);
    x = y;
  });
  return { hidden: x, tapes };
}

/** The hidden states that predict the next token, after the final norm, at chosen rows: [positions, width]. */
export function finalHidden(model: Llama, hidden: Tensor, rows: Tensor): Tensor {
  return rmsNorm(tf.gather(hidden, rows), model.finalNorm, model.config.normEpsilon).y;
}
