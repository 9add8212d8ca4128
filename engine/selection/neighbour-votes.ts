import { type BoundedSum, sumBounded } from '../privacy/bounded-sum.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/** Number of texts of the pool for which each record votes. */
export const NEIGHBOURS = 8;

/**
 * Returns the votes of the private records for the texts of the pool, [pool texts]. Each record gives
 * 1/sqrt(k) to the k texts of its own class that are nearest to it by inner product; ties go to the first
 * text. A record has at most k nonzero votes, so their norm is at most 1, and one unit changes the histogram
 * by at most that. A class without texts in the pool gets no votes.
 */
export function neighbourVotes(records: UnitRecords, pool: UnitRecords, k = NEIGHBOURS): BoundedSum {
  const textsOf = Array.from({ length: pool.classes }, () => [] as number[]);
  pool.labels.forEach((label, text) => {
    if (label !== NO_CLASS) textsOf[label].push(text);
  });
  const values = new Float64Array(k).fill(1 / Math.sqrt(k));
  return sumBounded({
    records: records.count,
    dimensions: pool.count,
    contribute(record) {
      const label = records.labels[record];
      if (label === NO_CLASS || textsOf[label].length === 0) return null;
      const at = nearest({ records, record, pool, texts: textsOf[label], k });
      return { at, values: values.subarray(0, at.length) };
    },
  });
}

/** Returns the indices of the k nearest texts, ascending. */
function nearest(params: {
  records: UnitRecords;
  record: number;
  pool: UnitRecords;
  texts: readonly number[];
  k: number;
}): Int32Array {
  const { records, record, pool, texts, k } = params;
  const { width } = pool;
  const row = record * width;
  const products = texts.map((text) => {
    let product = 0;
    for (let j = 0; j < width; j += 1) product += records.vectors[row + j] * pool.vectors[text * width + j];
    return { text, product };
  });
  products.sort((a, b) => b.product - a.product || a.text - b.text);
  return Int32Array.from(products.slice(0, k), ({ text }) => text).sort();
}
