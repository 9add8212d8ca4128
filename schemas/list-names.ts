const MOST = 10;

/** Names in a message: all of a few, the first ones and the number of the others of many. */
export function listNames(names: readonly string[]): string {
  const others = names.length - MOST;
  if (others <= 1) return names.join(', ');
  return `${names.slice(0, MOST).join(', ')} and ${others} more`;
}
