import { invalidData } from '../../schemas/errors.ts';

/** Labelled texts as vectors of one public encoder. */
export interface UnitRecords {
  readonly count: number;
  readonly width: number;
  /** [count, width] Each row has an l2 norm of at most 1. */
  readonly vectors: Float32Array;
  /** [count] Class of each record; {@link NO_CLASS}: the record contributes nothing to any statistic. */
  readonly labels: Int32Array;
  readonly classes: number;
}

export const NO_CLASS = -1;

/**
 * Scales each embedding to length 1, never above it. A record whose embedding is not finite, or has no length, counts as one that contributes
 * nothing: its row is zero and it has no class. Each row depends on its own record alone.
 * @param params.embeddings [records, width]
 * @param params.labels [records] classes, from 0 to classes - 1
 * @throws InvalidData where sizes or classes do not fit
 */
export function unitRecords(params: {
  embeddings: Float32Array;
  width: number;
  labels: Int32Array;
  classes: number;
}): UnitRecords {
  const { embeddings, width, classes } = params;
  const count = params.labels.length;
  if (embeddings.length !== count * width)
    throw invalidData('The embeddings to select by are not one row of the given width per label.');
  if (params.labels.some((label) => !(label >= 0 && label < classes)))
    throw invalidData('A record to select by has a class that is not declared.');
  const vectors = new Float32Array(embeddings.length);
  const labels = Int32Array.from(params.labels);
  for (let record = 0; record < count; record += 1) {
    const from = record * width;
    const row = vectors.subarray(from, from + width);
    if (!scaleToUnit(embeddings.subarray(from, from + width), row)) labels[record] = NO_CLASS;
  }
  return { count, width, vectors, labels, classes };
}

/** Above the rounding to float32, so that no rounded row is longer than 1. */
const ROUNDING = 1 + 2 ** -22;

function scaleToUnit(embedding: Float32Array, unit: Float32Array): boolean {
  let squares = 0;
  for (let k = 0; k < embedding.length; k += 1) squares += embedding[k] * embedding[k];
  if (!(squares > 0 && Number.isFinite(squares))) return false;
  const scale = 1 / (Math.sqrt(squares) * ROUNDING);
  for (let k = 0; k < embedding.length; k += 1) unit[k] = embedding[k] * scale;
  return true;
}
