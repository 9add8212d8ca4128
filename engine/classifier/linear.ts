import type { LinearConfig } from '../../schemas/settings/classifier.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type GhostGradient, scaleRecords, smallGradient } from '../training/methods/ghost/ghost-gradient.ts';
import { ofGhosts } from '../training/methods/ghost/of-ghosts.ts';
import type { RecordGradients } from '../training/methods/method.ts';
import type { Architecture } from './architecture.ts';
import { classLoss, evaluateInBatches, SMALL_TEXTS_MICRO_BATCH } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { hashedNgrams } from './hashed-ngrams.ts';
import { type ClassifierLayout, countOf, layoutOf } from './layout.ts';

/**
 * Returns multinomial logistic regression on l2-normalised counts of hashed words and word pairs. Training
 * starts at zero, so equal draws give equal classifiers. An empty text has no features; only the bias decides
 * its class.
 */
export function linearClassifier({
  config,
  classes,
}: {
  config: Pick<LinearConfig, 'buckets' | 'maxTokens'>;
  classes: number;
}): Architecture {
  const { buckets, maxTokens } = config;
  const layout = layoutOf([
    { name: 'weights', shape: [buckets, classes], group: 0 },
    { name: 'bias', shape: [classes], group: 0 },
  ]);
  const [weightsAt, biasAt] = layout.parameters;
  const tensors = (values: Float32Array) => ({
    weights: tf.tidy(() => {
      const own = tf.tensor2d(values.subarray(0, weightsAt.length), [buckets, classes]);
      return tf.concat([own, tf.zeros([1, classes])], 0);
    }),
    bias: tf.tensor1d(values.subarray(biasAt.offset)),
  });
  const rowsOf = (records: readonly ClassifierRecord[]) => sparseRows(records, buckets);
  return {
    encode: (text) => hashedNgrams({ text, maxWords: maxTokens, buckets }),
    microBatch: SMALL_TEXTS_MICRO_BATCH,
    method: () => ({
      ...layout,
      initial: () => new Float32Array(countOf(layout)),
      load(values) {
        const loaded = tensors(values);
        return {
          gradients: (records) => linearGradients({ ...loaded, rows: rowsOf(records), records, layout }),
          dispose: () => tf.dispose(Object.values(loaded)),
        };
      },
      whole: (trained) => trained,
    }),
    evaluate(trained, records) {
      const loaded = tensors(trained);
      try {
        return evaluateInBatches(records, (batch) => linearLogits({ ...loaded, rows: rowsOf(batch) }));
      } finally {
        tf.dispose(Object.values(loaded));
      }
    },
    dispose: () => {},
  };
}

type LinearTensors = { weights: Tensor; bias: Tensor };

type SparseRows = {
  /**
   * [records * width] Distinct buckets of each record. Shorter rows are filled with `padding`, whose weights
   * are zero.
   */
  buckets: Int32Array;
  /** [records * width] Counts divided by the l2 norm of the record's counts. */
  values: Float32Array;
  width: number;
  padding: number;
};

function sparseRows(records: readonly ClassifierRecord[], padding: number): SparseRows {
  const counted = records.map(({ ids }) => {
    const counts = new Map<number, number>();
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
    return counts;
  });
  const width = counted.reduce((most, { size }) => Math.max(most, size), 1);
  const buckets = new Int32Array(records.length * width).fill(padding);
  const values = new Float32Array(records.length * width);
  for (const [row, counts] of counted.entries()) {
    const norm = Math.hypot(...counts.values());
    let at = row * width;
    for (const [bucket, count] of counts) {
      buckets[at] = bucket;
      values[at++] = count / norm;
    }
  }
  return { buckets, values, width, padding };
}

/** Returns logits [records, classes] from weights [buckets + 1, classes] with a last row of zeros. */
function linearLogits({ weights, bias, rows }: LinearTensors & { rows: SparseRows }): Tensor {
  const { buckets, values, width } = rows;
  const records = buckets.length / width;
  const gathered = tf.gather(weights, tf.tensor2d(buckets, [records, width], 'int32'));
  return tf.add(tf.sum(tf.mul(gathered, tf.tensor3d(values, [records, width, 1])), 1), bias);
}

function linearGradients(
  params: LinearTensors & {
    rows: SparseRows;
    records: readonly ClassifierRecord[];
    layout: ClassifierLayout;
  },
): RecordGradients {
  const { weights, bias, rows, records, layout } = params;
  const logits = tf.tidy(() => linearLogits({ weights, bias, rows }));
  const { losses, dLogits } = classLoss(logits, records);
  logits.dispose();
  const ghosts = [sparseGradient(rows, dLogits), smallGradient(dLogits)];
  return ofGhosts({ losses, ghosts, layout });
}

/**
 * Returns the gradient of a linear map of sparse rows. A record's gradient is the outer product of its row
 * and dLogits, so its norm is the product of their norms. Does not free dLogits [records, classes].
 */
function sparseGradient(rows: SparseRows, dLogits: Tensor): GhostGradient {
  const { buckets, values, width, padding } = rows;
  const records = buckets.length / width;
  const own = tf.keep(tf.clone(dLogits));
  const squaredNorm = tf.keep(
    tf.tidy(() =>
      tf.mul(tf.sum(tf.square(own), 1), tf.sum(tf.square(tf.tensor2d(values, [records, width])), 1)),
    ),
  );
  return {
    squaredNorm,
    sum(factors) {
      const scaled = tf.reshape(scaleRecords(own, factors), [records, 1, -1]);
      const products = tf.mul(tf.tensor3d(values, [records, width, 1]), scaled);
      const flat = tf.reshape(products, [records * width, -1]);
      const byBucket = tf.unsortedSegmentSum(flat, tf.tensor1d(buckets, 'int32'), padding + 1);
      return tf.slice(byBucket, [0, 0], [padding, flat.shape[1]!]);
    },
    dispose: () => tf.dispose([own, squaredNorm]),
  };
}
