const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu;

/** How often each pair of neighbouring words stands in the texts, in lower case, and how many pairs there are. */
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

/** The pairs that occur most often, most common first; equal ones in the order of their letters. */
export function commonPairs(counts: ReadonlyMap<string, number>, limit: number): string[] {
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, limit)
    .map(([pair]) => pair);
}
