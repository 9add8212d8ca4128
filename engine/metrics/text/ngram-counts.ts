/** Returns how often each n-gram occurs, its words joined by spaces. An n-gram never spans two texts. */
export function ngramCounts(texts: Iterable<readonly string[]>, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of texts)
    for (let from = 0; from + n <= words.length; from++) {
      const ngram = words.slice(from, from + n).join(' ');
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
  return counts;
}

/** Returns the total number of occurrences. */
export function totalCount(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
