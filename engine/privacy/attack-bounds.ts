/** What an attacker who tells a unit's presence from its absence can gain at most under (epsilon, delta)-DP. */
export type AttackBounds = {
  /** Share of right guesses if presence and absence are equally likely beforehand; guessing blindly gives 0.5. */
  success: number;
  /** Share of present units that are found if 1% of absent ones may be taken for present; guessing blindly gives 0.01. */
  truePositiveRate: number;
};

export const FALSE_POSITIVE_RATE = 0.01;

/** Source: Kairouz, Oh, Viswanath 2015 (arXiv 1311.0776), theorem 2.1: the region of error rates that (epsilon, delta)-DP allows. */
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

/** What the bound is worth, in words. At epsilon 8 it allows near certainty, so nobody may call that almost nothing. */
export function protectionInWords(epsilon: number): string {
  if (epsilon <= 0.1) return 'That is a very strong bound: what is released hardly depends on any one unit.';
  if (epsilon <= 1) return 'That is a strong bound: an attacker stays unsure of any one unit.';
  if (epsilon <= 3)
    return 'That is a moderate bound: it leaves doubt, but an attacker may be right much more often than wrong.';
  if (epsilon <= 10)
    return 'That is a weak bound: by itself it does not exclude that an attacker is nearly certain. Known attacks gain less, but that is experience, not proof.';
  return 'That bound excludes next to nothing: an attacker may be certain. Do not rely on it.';
}
