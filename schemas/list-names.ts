const MOST = 10;

/**
 * Lists names for a message: all of them if they are few, otherwise the first ones and the number
 * of the others.
 */
export function listNames(names: readonly string[]): string {
  const others = names.length - MOST;
  if (others <= 1) return names.join(', ');
  return `${names.slice(0, MOST).join(', ')} and ${others} more`;
}
