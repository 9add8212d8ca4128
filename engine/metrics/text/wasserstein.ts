import { type Measure, notDefined } from '../measure.ts';

/**
 * Returns the Wasserstein-1 distance of two samples of numbers, such as lengths of texts, in their own unit:
 * the area between their distribution functions. Not defined if one sample is empty.
 */
export function wasserstein(a: ArrayLike<number>, b: ArrayLike<number>): Measure {
  if (a.length === 0 || b.length === 0) return notDefined('one of the corpora is empty');
  const [sortedA, sortedB] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [fromA, fromB, last, area] = [0, 0, 0, 0];
  while (fromA < sortedA.length || fromB < sortedB.length) {
    const next = Math.min(
      sortedA[fromA] ?? Number.POSITIVE_INFINITY,
      sortedB[fromB] ?? Number.POSITIVE_INFINITY,
    );
    // Both functions are 0 before the first number, so the unknown `last` does not matter.
    area += Math.abs(fromA / sortedA.length - fromB / sortedB.length) * (next - last);
    while (sortedA[fromA] === next) fromA += 1;
    while (sortedB[fromB] === next) fromB += 1;
    last = next;
  }
  return { value: area };
}

/** Returns the number of characters of each text, counted as Unicode code points. */
export function characterCounts(texts: readonly string[]): number[] {
  return texts.map((text) => {
    let count = 0;
    for (const _ of text) count += 1;
    return count;
  });
}
