const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu;

/**
 * Returns how often each pair of neighbouring words occurs in the texts, in lower case, and the number of all
 * pairs.
 */
export function countWordPairs(texts: readonly string[]): { counts: Map<string, number>; total: number } {
  const counts = new Map<string, number>();
  let total = 0;
  for (const text of texts) {
    const words = text.toLowerCase().match(WORD) ?? [];
    for (let i = 1; i < words.length; i++) {
      const pair = `${words[i - 1]} ${words[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
      total++;
    }
  }
  return { counts, total };
}

/** Returns the most common pairs, most common first. Ties are in alphabetical order. */
export function commonPairs(counts: ReadonlyMap<string, number>, limit: number): string[] {
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([pair]) => pair);
}
