/** What an attacker can gain at most who guesses whether a unit is present, under (epsilon, delta)-DP. */
export type AttackBounds = {
  /** Share of right guesses if presence and absence are equally likely beforehand; blind guesses give 0.5. */
  success: number;
  /**
   * Share of present units that are found if 1% of the absent ones may be taken for present; blind
   * guesses give 0.01.
   */
  truePositiveRate: number;
};

export const FALSE_POSITIVE_RATE = 0.01;

/**
 * Returns the bounds that follow from the region of error rates that (epsilon, delta)-DP allows.
 * Source: Kairouz, Oh, Viswanath 2015 (arXiv 1311.0776), theorem 2.1.
 */
export function attackBounds(epsilon: number, delta: number): AttackBounds {
  const gain = Math.exp(-epsilon);
  return {
    success: (1 + delta * gain) / (1 + gain),
    truePositiveRate: Math.min(
      1,
      FALSE_POSITIVE_RATE / gain + delta,
      1 - gain * (1 - delta - FALSE_POSITIVE_RATE),
    ),
  };
}

/**
 * Says in words what the bound is worth. At epsilon 8 it allows near certainty, so it must not be
 * called almost nothing.
 */
export function protectionInWords(epsilon: number): string {
  if (epsilon <= 0.1) return 'This is a very strong bound: the release hardly depends on any single unit.';
  if (epsilon <= 1) return 'This is a strong bound: an attacker remains unsure about any single unit.';
  if (epsilon <= 3)
    return (
      'This is a moderate bound: it leaves doubt, but an attacker may be right much more often than ' +
      'wrong.'
    );
  if (epsilon <= 10)
    return (
      'This is a weak bound: by itself it does not rule out that an attacker is nearly certain. ' +
      'Known attacks gain less, but that is experience, not proof.'
    );
  return 'This bound rules out almost nothing: an attacker may be certain. Do not rely on it.';
}
