import { type EncoderBatch, encoderBatch, encoderScope } from '../encoder/batch.ts';
import { type EncoderBlockTape, encoderBlock, encoderBlockBackward } from '../encoder/block.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { embed } from '../encoder/forward.ts';
import { type Pooling, pool, poolBackward, poolingWeights } from '../encoder/pooling.ts';
import { type NormTape, normBackward, normWeightGradient } from '../language-model/norm.ts';
import { tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { blockGhosts } from '../training/methods/ghost/block.ts';
import { inputGradient } from '../training/methods/ghost/embedding.ts';
import { type GhostGradient, rowsGradient, smallGradient } from '../training/methods/ghost/ghost-gradient.ts';
import { ofGhosts } from '../training/methods/ghost/of-ghosts.ts';
import type { RecordGradients } from '../training/methods/method.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { type Head, headPass } from './encoder-head.ts';
import type { ClassifierLayout } from './layout.ts';

type PassParams = {
  encoder: Encoder;
  head: Head;
  pooling: Pooling;
  /** Number of blocks at the bottom that are not trained and need no gradient. */
  frozen: number;
  records: readonly ClassifierRecord[];
  /** Keeps only the inputs of blocks and runs each block forward again. */
  recompute: boolean;
  layout: ClassifierLayout;
};

type Ghosts = Map<string, GhostGradient>;

/**
 * Returns each record's gradients of the layout's weights, from one forward and one backward pass over the
 * micro-batch (see full.ts).
 */
export function encoderGradients(params: PassParams): RecordGradients {
  const { layout } = params;
  const ghosts: Ghosts = new Map();
  const losses = tidy(() => pass(params, ghosts));
  return ofGhosts({ losses, ghosts: layout.parameters.map(({ name }) => ghosts.get(name)!), layout });
}

function pass(params: PassParams, ghosts: Ghosts): Float32Array {
  const { encoder, head, pooling, frozen, records, recompute, layout } = params;
  const { config, blocks } = encoder;
  const batch = encoderBatch(records.map(({ ids }) => ids));
  const scope = encoderScope(batch);
  const embedded = tidy(() => embed(encoder, batch));
  const forward = (x: Tensor, index: number) =>
    encoderBlock({ x, weights: blocks[index], config, scope, adaptation: null });

  /** The input of each trained block, and its tape unless that is recomputed. */
  const kept: { x: Tensor; tape: EncoderBlockTape | null }[] = [];
  let x = embedded.x;
  for (let index = 0; index < frozen; index++) {
    const y = tidy(() => forward(x, index).y);
    x.dispose();
    x = y;
  }
  for (let index = frozen; index < config.blocks; index++) {
    const run = () => forward(x, index);
    const { y, tape } = recompute ? { y: tidy(() => run().y), tape: null } : tidy(run);
    kept.push({ x, tape });
    x = y;
  }

  const { losses, dHidden } = tidy(() => {
    const weights = poolingWeights(batch, pooling);
    const { losses, dPooled } = headPass({ head, pooled: pool(x, weights), records, ghosts });
    return { losses, dHidden: poolBackward(dPooled, weights) };
  });
  x.dispose();
  let dy = dHidden;
  for (let index = config.blocks - 1; index >= frozen; index--) {
    const { x: input, tape } = kept[index - frozen];
    const adaptation = blockGhosts({ model: encoder, index, records: records.length, ghosts });
    const dx = tidy(() =>
      encoderBlockBackward({
        x: input,
        dy,
        tape: tape ?? forward(input, index).tape,
        weights: blocks[index],
        config,
        scope,
        adaptation,
      }),
    );
    tf.dispose([dy, input, tape] as Tensor[]);
    dy = dx;
  }
  if (layout.parameters.some(({ name }) => name === 'embedding'))
    tidy(() => embeddingGhosts({ encoder, batch, dy, tape: embedded.tape, ghosts }));
  return losses;
}

/**
 * Adds the gradients of the embeddings and their norm to `ghosts`; `dy` is the gradient with respect to the
 * input of the first block.
 */
function embeddingGhosts(params: {
  encoder: Encoder;
  batch: EncoderBatch;
  dy: Tensor;
  tape: NormTape;
  ghosts: Ghosts;
}): void {
  const { encoder, batch, dy, tape, ghosts } = params;
  const { ids, records, tokens } = batch;
  const { config, embeddingNorm, segments } = encoder;
  const { width, vocabulary, positions } = config;
  ghosts.set('embeddingNorm.weight', rowsGradient(normWeightGradient(dy, tape), records));
  ghosts.set('embeddingNorm.bias', rowsGradient(dy, records));
  const dx = normBackward({ dy, norm: embeddingNorm, tape, config });
  ghosts.set('embedding', inputGradient({ ids, dx, records, vocabulary }));
  // A record has each position once, so its gradient of the table is its input gradient, followed by zeros.
  ghosts.set('positions', firstRows(tf.reshape(dx, [records, tokens * width]), [positions, width]));
  if (segments !== null) {
    const bySegment = tf.sum(tf.reshape(dx, [records, tokens, width]), 1);
    ghosts.set('segments', firstRows(bySegment, [config.segments, width]));
  }
}

/**
 * Returns the gradient of a table of which the batch uses only the first rows. It keeps `gradients` [records,
 * rows used * width].
 */
function firstRows(gradients: Tensor, [rows, width]: [number, number]): GhostGradient {
  const used = smallGradient(gradients);
  return {
    ...used,
    sum(factors) {
      const sum = tf.reshape(used.sum(factors), [-1, width]);
      return tf.pad(sum, [
        [0, rows - sum.shape[0]!],
        [0, 0],
      ]);
    },
  };
}
