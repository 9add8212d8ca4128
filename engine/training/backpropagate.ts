import type { BlockAdaptation } from '../language-model/adaptation.ts';
import { type BlockTape, blockBackward } from '../language-model/block.ts';
import { attentionScopes, embed, padBatch, promptLength, runBlock } from '../language-model/forward.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import { type NormTape, normBackward, normForward } from '../language-model/norm.ts';
import { outputLoss } from '../language-model/output-loss.ts';
import { tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { EncodedRecord } from './encode-records.ts';
import type { LossConfig } from './methods/method.ts';
import { type TargetPositions, targetPositions } from './target-positions.ts';

/** What a fine-tuning method requests from the pass over one micro-batch. */
export type PassParams = {
  model: LanguageModel;
  records: readonly EncodedRecord[];
  loss: LossConfig;
  /** Returns what the method adds to block `index`, or null if nothing. */
  adaptation: (index: number) => BlockAdaptation | null;
  /** The lowest block that gets a gradient; blocks below it only run forward. */
  firstBlock: number;
  /** Whether to return the gradient with respect to the input of block 0. */
  inputGradient: boolean;
  /** Keeps only the inputs of blocks and runs each block forward again: less memory for a third more time. */
  recompute: boolean;
  /** Receives the parts of the gradients of the output matrix and the final norm. */
  onOutput?: (output: OutputGradients) => void;
};

/** The gradient at the output of the model. Rows are the targets of the micro-batch, record after record. */
export type OutputGradients = {
  targets: TargetPositions;
  /** Hidden states after the final norm: [targets, width]. */
  hidden: Tensor;
  /**
   * Gradient with respect to the logits, weighted like the loss: one [targets of the record, vocabulary] per
   * record; null without targets.
   */
  dLogits: (Tensor | null)[];
  finalNorm: NormTape;
  /** Gradient with respect to the output of the final norm: [targets, width]. */
  dNormed: Tensor;
};

/**
 * Computes the loss of each record (nats, normalised within the record) and sends the gradient back through
 * the blocks. There the method's adaptation takes what it needs and keeps it from being freed. Returns the
 * losses and, on request, the gradient with respect to the input of block 0, [records * tokens, width].
 * Returns null without any target token: such records contribute zero and need no model.
 */
export function backpropagate(params: PassParams): PassResult | null {
  return tidy(() => pass(params));
}

type PassResult = { losses: Float32Array; dInput: Tensor | null };

function pass(params: PassParams): PassResult | null {
  const { model, records, loss, firstBlock, recompute, inputGradient } = params;
  const { config } = model;
  const batch = padBatch(records.map(({ ids }) => ids));
  const length = promptLength(model);
  const targets = targetPositions({ records, tokens: batch.tokens, promptLength: length, ...loss });
  if (targets.ids.length === 0) return null;
  const scopes = attentionScopes(config, { ...batch, tokens: length + batch.tokens });
  const adaptations = model.blocks.map((_, index) => params.adaptation(index));

  /** The input of each block, and its tape unless that is recomputed. */
  const kept: { x: Tensor; tape: BlockTape | null }[] = [];
  let x = embed(model, batch);
  for (let index = 0; index < config.blocks; index++) {
    const run = () => runBlock({ model, index, x, scope: scopes[index], adaptation: adaptations[index] });
    const withTape = index >= firstBlock && !recompute;
    const { y, tape } = withTape ? tidy(run) : { y: tidy(() => run().y), tape: null };
    kept.push({ x, tape });
    if (index < firstBlock) x.dispose();
    x = y;
  }

  const { losses, dHidden } = tidy(() => outputPass(params, targets, x));
  let dy = dHidden;
  x.dispose();
  for (let index = config.blocks - 1; index >= firstBlock; index--) {
    const { x: input, tape } = kept[index];
    const dx = tidy(() =>
      blockBackward({
        dy,
        tape:
          tape ??
          runBlock({ model, index, x: input, scope: scopes[index], adaptation: adaptations[index] }).tape,
        weights: model.blocks[index],
        config,
        scope: scopes[index],
        adaptation: adaptations[index],
        needsInput: index > firstBlock || inputGradient,
      }),
    );
    tf.dispose([dy, input, tape] as Tensor[]);
    if (dx !== null) dy = dx;
  }
  return { losses, dInput: inputGradient ? dy : null };
}

/** Returns loss and gradient at the hidden states of the last block. */
function outputPass(
  params: PassParams,
  targets: TargetPositions,
  hidden: Tensor,
): { losses: Float32Array; dHidden: Tensor } {
  const { model, records, onOutput } = params;
  const { config, finalNorm } = model;
  const chosen = tf.gather(hidden, tf.tensor1d(targets.rows, 'int32'));
  const { y, tape } = normForward(chosen, finalNorm, config);
  const { nll, dHidden, dLogits } = outputLoss({
    hidden: y,
    model,
    targets: targets.ids,
    weights: targets.weights,
    chunks: onOutput ? targets.counts : undefined,
  });
  const losses = new Float32Array(records.length);
  nll.forEach((value, i) => {
    losses[targets.owners[i]] += value * targets.weights[i];
  });
  onOutput?.({ targets, hidden: y, dLogits: dLogits!, finalNorm: tape, dNormed: dHidden! });
  const dChosen = normBackward({ dy: dHidden!, norm: finalNorm, tape, config });
  return { losses, dHidden: scatterRows(dChosen, targets.rows, hidden.shape[0]) };
}

/**
 * Puts the rows of x back at the places they were gathered from, with zeros elsewhere. A gather is cheaper
 * than a scatter.
 */
function scatterRows(x: Tensor, rows: Int32Array, length: number): Tensor {
  const source = new Int32Array(length).fill(rows.length);
  rows.forEach((row, i) => {
    source[row] = i;
  });
  const padded = tf.concat([x, tf.zeros([1, x.shape[1]!])], 0);
  return tf.gather(padded, tf.tensor1d(source, 'int32'));
}
