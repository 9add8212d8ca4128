import { type BoundedSum, sumBounded } from '../privacy/bounded-sum.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/** Texts of the pool that each record votes for. */
export const NEIGHBOURS = 8;

/**
 * Votes of the private records for the texts of the pool, [pool texts]: each record gives 1/sqrt(k) to the k texts of its own class that are
 * nearest to it by inner product, the first of equals. At most k places of a record differ from zero, so its votes have a norm of at most 1,
 * and one unit moves the histogram by no more. A class without texts in the pool gets no votes.
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

/** The places of the k nearest texts, ascending. */
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
