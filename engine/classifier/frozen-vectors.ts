import { encoderBatch } from '../encoder/batch.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { runEncoder } from '../encoder/forward.ts';
import { type Pooling, pool, poolingWeights } from '../encoder/pooling.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { ClassifierRecord } from './classifier-record.ts';

/** Returns the pooled vectors [records, width] of records. Call inside tf.tidy. */
export function pooledVectors(params: {
  encoder: Encoder;
  pooling: Pooling;
  records: readonly ClassifierRecord[];
}): Tensor {
  const { encoder, pooling, records } = params;
  const batch = encoderBatch(records.map(({ ids }) => ids));
  return pool(runEncoder(encoder, batch), poolingWeights(batch, pooling));
}

/**
 * Returns the pooled vectors of an untrained encoder, which the caller frees. The vector of a record is
 * computed once for all its draws and all seeds.
 */
export function frozenVectors(params: {
  encoder: Encoder;
  pooling: Pooling;
}): (records: readonly ClassifierRecord[]) => Tensor {
  const { width } = params.encoder.config;
  const known = new WeakMap<ClassifierRecord, Float32Array>();
  return (records) => {
    const missing = records.filter((record) => !known.has(record));
    if (missing.length > 0) {
      const values = tf.tidy(() => pooledVectors({ ...params, records: missing }).dataSync());
      missing.forEach((record, i) => {
        known.set(record, values.slice(i * width, (i + 1) * width) as Float32Array);
      });
    }
    const rows = new Float32Array(records.length * width);
    records.forEach((record, i) => {
      rows.set(known.get(record)!, i * width);
    });
    return tf.tensor2d(rows, [records.length, width]);
  };
}
