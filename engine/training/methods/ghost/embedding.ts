import { matMul } from '../../../tensor/ops.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';
import type { OutputGradients } from '../../backpropagate.ts';
import { type GhostGradient, type RecordFactors, scaleRecords, usable } from './ghost-gradient.ts';
import { gram } from './linear.ts';

/**
 * The embedding matrix as the input of the model. Row v of a record's gradient is the sum of dx over the places of
 * token v, so the squared norm takes the inner products of places with the same token.
 * `ids` [records, tokens]; dx [records * tokens, width] is kept here.
 */
export function inputGradient(params: {
  ids: Int32Array;
  dx: Tensor;
  records: number;
  vocabulary: number;
}): GhostGradient {
  const { ids, records, vocabulary } = params;
  const dx = tf.keep(params.dx);
  const tokens = ids.length / records;
  const squaredNorm = tf.keep(
    tf.tidy(() => {
      const across = tf.tensor3d(ids, [records, 1, tokens], 'int32');
      const down = tf.tensor3d(ids, [records, tokens, 1], 'int32');
      const same = tf.cast(tf.equal(down, across), 'float32');
      return tf.sum(tf.mul(gram(dx, records), same), [1, 2]);
    }),
  );
  return {
    squaredNorm,
    sum: (factors) => tf.unsortedSegmentSum(scaleRecords(dx, factors), tf.tensor1d(ids, 'int32'), vocabulary),
    dispose: () => tf.dispose([dx, squaredNorm]),
  };
}

/** The output matrix [vocabulary, width]: a record's gradient is dLogits^T hidden over its targets. Owns `parts`. */
export function outputGradient(parts: readonly RecordPart[], shape: [number, number]): GhostGradient {
  const squaredNorm = tf.keep(
    tf.tidy(() =>
      tf.stack(
        parts.map((part) => {
          if (part === null) return tf.scalar(0);
          const { dLogits, hidden } = part;
          return tf.sum(
            tf.mul(
              matMul(dLogits, dLogits, { transposeB: true }),
              matMul(hidden, hidden, { transposeB: true }),
            ),
          );
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
 * One matrix for both ends, as in models with tied embeddings: its gradients add up before the norm is taken, so the
 * norm has a third part, from the pairs of an input place and a target.
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
      const cross = parts.map((part, record) => {
        if (part === null) return tf.scalar(0);
        const own = tf.tensor1d(ids.subarray(record * tokens, (record + 1) * tokens), 'int32');
        const atInputs = tf.gather(part.dLogits, own, 1);
        const products = matMul(part.hidden, tf.squeeze(byRecord[record], [0]), { transposeB: true });
        return tf.mul(tf.sum(tf.mul(atInputs, products)), 2);
      });
      return tf.addN([input.squaredNorm, output.squaredNorm, tf.stack(cross)]);
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

/** One record's targets at the output: dLogits [targets, vocabulary] and hidden [targets, width]; null without any. */
export type RecordPart = { dLogits: Tensor; hidden: Tensor } | null;

/** Cuts what the output pass gives into records. The parts are kept from being freed. */
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
