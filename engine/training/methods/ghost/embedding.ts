import { matMul } from '../../../tensor/ops.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';
import type { OutputGradients } from '../../backpropagate.ts';
import {
  aboveRounding,
  type GhostGradient,
  type RecordFactors,
  rowNorms,
  scaleRecords,
  usable,
} from './ghost-gradient.ts';

/**
 * Returns the gradient of the embedding matrix as the input of the model. Row v of a record's gradient is the
 * sum of dx over the positions of token v. The squared norm is computed from these sums, so no terms cancel
 * in it. `ids` is [records, tokens]. Keeps dx [records * tokens, width].
 */
export function inputGradient(params: {
  ids: Int32Array;
  dx: Tensor;
  records: number;
  vocabulary: number;
}): GhostGradient {
  const { ids, records, vocabulary } = params;
  const dx = tf.keep(params.dx);
  const squaredNorm = tf.keep(
    tf.tidy(() => {
      const places = tf.tensor1d(firstPlaces(ids, records), 'int32');
      const rows = tf.unsortedSegmentSum(dx, places, ids.length);
      return tf.sum(tf.reshape(tf.square(rows), [records, -1]), 1);
    }),
  );
  return {
    squaredNorm,
    sum: (factors) => tf.unsortedSegmentSum(scaleRecords(dx, factors), tf.tensor1d(ids, 'int32'), vocabulary),
    dispose: () => tf.dispose([dx, squaredNorm]),
  };
}

/**
 * Returns for each position the first position, counted over all records, at which its record has the same
 * token.
 */
function firstPlaces(ids: Int32Array, records: number): Int32Array {
  const tokens = ids.length / records;
  const first = new Int32Array(ids.length);
  for (let from = 0; from < ids.length; from += tokens) {
    const seen = new Map<number, number>();
    for (let place = from; place < from + tokens; place += 1) {
      if (!seen.has(ids[place])) seen.set(ids[place], place);
      first[place] = seen.get(ids[place])!;
    }
  }
  return first;
}

/**
 * Returns the gradient of the output matrix [vocabulary, width]: dLogits^T hidden over a record's targets.
 * Owns `parts`.
 */
export function outputGradient(parts: readonly RecordPart[], shape: [number, number]): GhostGradient {
  const squaredNorm = tf.keep(
    tf.tidy(() =>
      tf.stack(
        parts.map((part) => {
          if (part === null) return tf.scalar(0);
          const { dLogits, hidden } = part;
          const products = tf.mul(
            matMul(dLogits, dLogits, { transposeB: true }),
            matMul(hidden, hidden, { transposeB: true }),
          );
          return aboveRounding({
            squaredNorm: tf.sum(products),
            magnitude: tf.square(outputMagnitude(part)),
          });
        }),
      ),
    ),
  );
  return {
    squaredNorm,
    sum: (factors) => outputSum(parts, factors, shape),
    dispose: () => tf.dispose([squaredNorm, ...parts.flatMap((part) => (part ? Object.values(part) : []))]),
  };
}

/**
 * Returns the gradient of a matrix at both ends, as in models with tied embeddings. Its two gradients are
 * added before the norm is taken, so the norm has a third part, from the pairs of an input position and a
 * target.
 */
export function tiedGradient(params: {
  ids: Int32Array;
  input: GhostGradient;
  dx: Tensor;
  output: GhostGradient;
  parts: readonly RecordPart[];
}): GhostGradient {
  const { ids, input, dx, output, parts } = params;
  const records = parts.length;
  const tokens = ids.length / records;
  const squaredNorm = tf.keep(
    tf.tidy(() => {
      const byRecord = tf.split(tf.reshape(dx, [records, tokens, -1]), records);
      const magnitudes: Tensor[] = [];
      const cross = parts.map((part, record) => {
        if (part === null) {
          magnitudes.push(tf.scalar(0));
          return tf.scalar(0);
        }
        const own = tf.tensor1d(ids.subarray(record * tokens, (record + 1) * tokens), 'int32');
        const atInputs = tf.gather(part.dLogits, own, 1);
        const ofRecord = tf.squeeze(byRecord[record], [0]);
        const products = matMul(part.hidden, ofRecord, { transposeB: true });
        const atOutput = outputMagnitude(part);
        magnitudes.push(tf.mul(atOutput, tf.add(atOutput, tf.mul(tf.sum(rowNorms(ofRecord, 1)), 2))));
        return tf.mul(tf.sum(tf.mul(atInputs, products)), 2);
      });
      // Raised last, because next to parts that cancel only later, the correction would be rounded away.
      return aboveRounding({
        squaredNorm: tf.addN([input.squaredNorm, output.squaredNorm, tf.stack(cross)]),
        magnitude: tf.add(input.squaredNorm, tf.stack(magnitudes)),
      });
    }),
  );
  return {
    squaredNorm,
    sum: (factors) => tf.add(input.sum(factors), output.sum(factors)),
    dispose() {
      squaredNorm.dispose();
      input.dispose();
      output.dispose();
    },
  };
}

/**
 * One record's targets at the output: dLogits [targets, vocabulary] and hidden [targets, width]; null without
 * targets.
 */
export type RecordPart = { dLogits: Tensor; hidden: Tensor } | null;

/**
 * Returns an upper bound of the norm of the record's gradient of the output matrix: the sum over targets of
 * products of two norms, a scalar.
 */
function outputMagnitude({ dLogits, hidden }: NonNullable<RecordPart>): Tensor {
  return tf.sum(tf.mul(rowNorms(dLogits, 1), rowNorms(hidden, 1)));
}

/** Splits the result of the output pass by record and keeps the parts from being freed. */
export function recordParts({ targets, hidden, dLogits }: OutputGradients): RecordPart[] {
  let from = 0;
  return targets.counts.map((count, record) => {
    if (count === 0) return null;
    const own = tf.keep(tf.slice(hidden, [from, 0], [count, hidden.shape[1]!]));
    from += count;
    return { dLogits: tf.keep(dLogits[record]!), hidden: own };
  });
}

function outputSum(
  parts: readonly RecordPart[],
  { factors, finite }: RecordFactors,
  shape: [number, number],
): Tensor {
  const rows: Tensor[] = [];
  const hidden: Tensor[] = [];
  parts.forEach((part, record) => {
    if (part === null || factors[record] === 0) return;
    rows.push(usable(part.dLogits, finite));
    hidden.push(tf.mul(usable(part.hidden, finite), factors[record]));
  });
  if (rows.length === 0) return tf.zeros(shape);
  return matMul(tf.concat(rows, 0), tf.concat(hidden, 0), { transposeA: true });
}
