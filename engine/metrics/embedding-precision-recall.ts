import { matMul } from '../tensor/ops.ts';
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tensor/tensorflow.ts';
import { assertSameDims, type Embeddings } from './embeddings.ts';
import { type Measure, notDefined } from './measure.ts';

/** Number of rows whose distances to all others are in memory at a time. */
const BLOCK = 1024;
/**
 * Rounding error that float32 may leave in the distance of equal points, as a share of the largest squared
 * length.
 */
const ROUNDING = 1e-6;

/**
 * Returns improved precision and recall (Kynkäänniemi et al., arXiv 1904.06991). Precision is the share of
 * synthetic embeddings no further from some real embedding than that embedding's k-th nearest real neighbour.
 * Recall is the same with the corpora exchanged. Texts unlike any real text lower precision; missing kinds of
 * real text lower recall. Not defined for k texts or fewer. Throws InvalidData if the embeddings have
 * different dimensions.
 */
export function embeddingPrecisionRecall(params: {
  real: Embeddings;
  synthetic: Embeddings;
  /** k; both numbers grow with it. @default 3 */
  neighbours?: number;
}): { precision: Measure; recall: Measure } {
  const { real, synthetic, neighbours = 3 } = params;
  assertSameDims(real, synthetic);
  if (Math.min(real.rows, synthetic.rows) <= neighbours) {
    const reason = notDefined(`each corpus needs more than ${neighbours} texts`);
    return { precision: reason, recall: reason };
  }
  const shares = tf.tidy(() => {
    const [p, q] = centred(real, synthetic);
    const slack = tf.mul(tf.max(tf.concat([squaredLengths(p), squaredLengths(q)])), ROUNDING);
    const share = (of: Tensor2D, among: Tensor2D) =>
      tf.mean(insideAny(of, among, tf.add(squaredRadii(among, neighbours), slack) as Tensor1D));
    return tf.stack([share(q, p), share(p, q)]);
  });
  const [precision, recall] = shares.dataSync();
  shares.dispose();
  return { precision: { value: precision }, recall: { value: recall } };
}

/** Centres both on their common mean, because distances of short vectors lose fewer digits. */
function centred(real: Embeddings, synthetic: Embeddings): [Tensor2D, Tensor2D] {
  const [p, q] = [real, synthetic].map(({ rows, dims, values }) => tf.tensor2d(values, [rows, dims]));
  const mean = tf.mean(tf.concat([p, q]), 0);
  return [tf.sub(p, mean), tf.sub(q, mean)];
}

/** Returns the squared distance [n] of each row to its k-th nearest other row. */
function squaredRadii(x: Tensor2D, neighbours: number): Tensor1D {
  return byBlocks(x, (block) => {
    // One more, because each row itself is among them at distance 0.
    const { values } = tf.topk(tf.neg(squaredDistances(block, x)), neighbours + 1);
    return tf.neg(tf.slice(values, [0, neighbours], [-1, 1])).reshape([-1]);
  });
}

/** Returns 1 for each row of x within the radius of some row of y, 0 for the others. */
function insideAny(x: Tensor2D, y: Tensor2D, squaredRadiiOfY: Tensor1D): Tensor1D {
  return byBlocks(x, (block) =>
    tf.cast(tf.any(tf.lessEqual(squaredDistances(block, y), squaredRadiiOfY), 1), 'float32'),
  );
}

function byBlocks(x: Tensor2D, run: (block: Tensor2D) => Tensor): Tensor1D {
  const parts: Tensor[] = [];
  for (let from = 0; from < x.shape[0]; from += BLOCK)
    parts.push(tf.tidy(() => run(tf.slice(x, [from, 0], [Math.min(BLOCK, x.shape[0] - from), -1]))));
  return tf.concat(parts) as Tensor1D;
}

/** Returns the squared distances [n, m]. */
function squaredDistances(x: Tensor2D, y: Tensor2D): Tensor {
  const lengths = tf.add(tf.expandDims(squaredLengths(x), 1), squaredLengths(y));
  return tf.sub(lengths, tf.mul(matMul(x, y, { transposeB: true }), 2));
}

function squaredLengths(x: Tensor2D): Tensor1D {
  return tf.sum(tf.square(x), 1);
}
