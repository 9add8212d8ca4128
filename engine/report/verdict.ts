import type { Difference, ScoreSource, Scores } from '../../schemas/scores.ts';
import { NOT_DEFINED } from './format.ts';

export type Verdict = 'clearly better' | 'clearly worse' | 'no significant difference' | typeof NOT_DEFINED;

/**
 * Returns what the interval of a difference in balanced accuracy says about the synthetic row: better or
 * worse only if the interval excludes 0.
 */
export function verdictOf({ intervals }: Difference): Verdict {
  const interval = intervals.balancedAccuracy;
  if (interval === null) return NOT_DEFINED;
  if (interval.low > 0) return 'clearly better';
  return interval.high < 0 ? 'clearly worse' : 'no significant difference';
}

/** Returns the difference between the synthetic row and this row, or null if either is missing. */
export function differenceFrom(scores: Scores | null, minus: ScoreSource): Difference | null {
  return scores?.differences?.find((difference) => difference.minus === minus) ?? null;
}
