import type { TrainingConfig } from '../../schemas/experiment.ts';
import { blockBackward, blockLora, type SiteGradient } from '../language-model/block.ts';
import { batchShape, padBatch, runBlocks } from '../language-model/forward.ts';
import type { Llama } from '../language-model/llama.ts';
import type { LoraLayout, LoraTensors } from '../language-model/lora.ts';
import { outputLoss } from '../language-model/output-loss.ts';
import { rmsNorm, rmsNormBackward, tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncodedRecord } from './encode-records.ts';

/**
 * Loss and gradient of each record on its own, for one physical micro-batch.
 *
 * The Prefix-LM loss of a record is summed over its target tokens and normalised inside the record only, so that
 * its gradient never depends on which other records were drawn. Returns `losses` [records] (nats) and `gradients`
 * [records, parameters] in the order of the layout; the caller disposes of the latter.
 */
export function recordGradients(params: {
  model: Llama;
  layout: LoraLayout;
  lora: LoraTensors;
  records: readonly EncodedRecord[];
  lossNormalisation: TrainingConfig['lossNormalisation'];
  maxTokens: number;
}): { losses: Float32Array; gradients: Tensor } {
  const { model, layout, lora, records, lossNormalisation, maxTokens } = params;
  const { config } = model;
  const batch = padBatch(records.map(({ ids }) => ids));
  const targets = targetPositions(records, batch.tokens, (length) =>
    lossNormalisation === 'mean' ? 1 / length : lossNormalisation === 'constant' ? 1 / maxTokens : 1,
  );
  const losses = new Float32Array(records.length);
  // Records without a single target token contribute zero, and a micro-batch of them needs no model.
  if (targets.ids.length === 0) return { losses, gradients: tf.zeros([records.length, layout.parameters]) };

  const gradients = tf.tidy(() => {
    const shape = batchShape(config, batch);
    const { hidden, tapes } = runBlocks({
      model,
      batch,
      shape,
      lora: { layout, tensors: lora },
      tapeFrom: layout.firstBlock,
    });
    const rows = tf.tensor1d(targets.rows, 'int32');
    const chosen = tf.gather(hidden, rows);
    const { y, inverse } = rmsNorm(chosen, model.finalNorm, config.normEpsilon);
    const { nll, dHidden } = outputLoss({
      hidden: y,
      output: model.output,
      targets: targets.ids,
      withGradient: true,
    });
    nll.forEach((value, i) => {
      losses[targets.owners[i]] += value * targets.weights[i];
    });
    const weighted = tf.mul(dHidden!, tf.tensor2d(targets.weights, [targets.weights.length, 1]));
    const dChosen = rmsNormBackward({ dy: weighted, x: chosen, weight: model.finalNorm, inverse });
    let dy = scatterRows(dChosen, targets.rows, hidden.shape[0]);

    const sites = new Map<string, SiteGradient>();
    for (let index = config.blocks - 1; index >= layout.firstBlock; index--) {
      const tape = tapes.get(index)!;
      const { dx, gradients: ofBlock } = tidy(() =>
        blockBackward({
          dy,
          tape,
          weights: model.blocks[index],
          config,
          shape,
          lora: blockLora(layout, lora, index),
          needsInput: index > layout.firstBlock,
        }),
      );
      tf.dispose(tape);
      dy.dispose();
      for (const [matrix, gradient] of Object.entries(ofBlock)) sites.set(`${index}/${matrix}`, gradient);
      if (dx) dy = dx;
    }
    const bySite = layout.sites.map(({ block, matrix }) => sites.get(`${block}/${matrix}`)!);
    const trained = [...bySite.map(({ dB }) => dB), ...bySite.flatMap(({ dA }) => dA ?? [])];
    return tf.concat(
      trained.map((t) => tf.reshape(t, [records.length, -1])),
      1,
    );
  });
  return { losses, gradients };
}

/** For each target token of each record: the row that predicts it, its id, its record, and its weight in the loss. */
function targetPositions(
  records: readonly EncodedRecord[],
  tokens: number,
  weightOf: (targets: number) => number,
): { rows: Int32Array; ids: Int32Array; owners: Int32Array; weights: Float32Array } {
  const rows: number[] = [];
  const ids: number[] = [];
  const owners: number[] = [];
  const weights: number[] = [];
  records.forEach((record, owner) => {
    const weight = weightOf(record.ids.length - record.prefixLength);
    for (let position = record.prefixLength; position < record.ids.length; position++) {
      rows.push(owner * tokens + position - 1);
      ids.push(record.ids[position]);
      owners.push(owner);
      weights.push(weight);
    }
  });
  return {
    rows: Int32Array.from(rows),
    ids: Int32Array.from(ids),
    owners: Int32Array.from(owners),
    weights: Float32Array.from(weights),
  };
}

/** Puts the rows of x back where they were gathered from, zeros elsewhere. A gather is cheaper than a scatter. */
function scatterRows(x: Tensor, rows: Int32Array, length: number): Tensor {
  const source = new Int32Array(length).fill(rows.length);
  rows.forEach((row, i) => {
    source[row] = i;
  });
  const padded = tf.concat([x, tf.zeros([1, x.shape[1]!])], 0);
  return tf.gather(padded, tf.tensor1d(source, 'int32'));
}
