import type { ReportOutput } from '../activities.ts';
import { isMaximized, type SearchConfig } from './search.ts';
import type { SweepCell, TrialState } from './sweep-state.ts';

export type TrialCell = SweepCell & { trial: TrialState };

export function trialCells(cells: readonly SweepCell[]): TrialCell[] {
  return cells.filter((cell): cell is TrialCell => cell.trial !== undefined);
}

/** Returns the score that the search decides by, or null if it is undefined or not public. */
export function trialScore(result: ReportOutput, { objective }: SearchConfig): number | null {
  const { published } = result;
  if (published === null) return null;
  if (objective.metric === 'heldOutLoss') return published.heldOut?.tuned.nats ?? null;
  return published.rows.find(({ source }) => source === 'synthetic')?.mean[objective.metric] ?? null;
}

/**
 * Returns the trials with a score, best first. Trials on higher rungs come first; ties keep the order
 * of the trials.
 */
export function rankTrials(
  cells: readonly SweepCell[],
  search: Pick<SearchConfig, 'objective'>,
): TrialCell[] {
  const sign = isMaximized(search) ? -1 : 1;
  return trialCells(cells)
    .filter(({ trial }) => trial.score !== null)
    .sort(
      (a, b) =>
        b.trial.rung - a.trial.rung ||
        sign * (a.trial.score! - b.trial.score!) ||
        a.trial.index - b.trial.index,
    );
}
