import type { Difference, ScoreSource, Scores } from '../../schemas/scores.ts';
import { NOT_DEFINED } from './format.ts';

export type Verdict = 'clearly better' | 'clearly worse' | 'not told apart' | typeof NOT_DEFINED;

/** What the interval of a difference in balanced accuracy says of the synthetic row: better or worse only where 0 lies outside. */
export function verdictOf({ intervals }: Difference): Verdict {
  const interval = intervals.balancedAccuracy;
  if (interval === null) return NOT_DEFINED;
  if (interval.low > 0) return 'clearly better';
  return interval.high < 0 ? 'clearly worse' : 'not told apart';
}

/** Synthetic minus this row, where both were made. */
export function differenceFrom(scores: Scores | null, minus: ScoreSource): Difference | null {
  return scores?.differences?.find((difference) => difference.minus === minus) ?? null;
}
