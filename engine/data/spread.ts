/** Returns at most `limit` of the items, evenly spread, because shards and labels may form blocks. */
export function spread<T>(items: readonly T[], limit: number): T[] {
  const count = Math.min(limit, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]);
}
