/**
 * Returns the largest |ours - peer| / |peer| over pairs of numbers. Not finite if one of them is not, or
 * if lengths differ.
 */
export function largestRelativeError(ours: readonly number[], peer: readonly number[]): number {
  if (ours.length !== peer.length) return Number.POSITIVE_INFINITY;
  return ours.reduce((worst, value, i) => {
    const error = Math.abs(value - peer[i]) / Math.abs(peer[i]);
    // Math.max passes a NaN on, and the check that reads this then fails.
    return Math.max(worst, value === peer[i] ? 0 : error);
  }, 0);
}

/**
 * Throws an Error unless `error` is at most `limit`: otherwise the two sides do not compute the same thing.
 */
export function assertAgree(what: string, error: number, limit: number): void {
  if (error <= limit) return;
  throw new Error(
    `ours and the peer differ in ${what} by ${error.toExponential(1)} relative, more than ${limit}: ` +
      'a ratio of their speeds would mean nothing. Look at what changed in either.',
  );
}
