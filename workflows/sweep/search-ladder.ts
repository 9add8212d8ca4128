import { rankTrials, type TrialCell, trialCells } from '../../schemas/sweep/rank-trials.ts';
import { isMaximized, rungsOf, type SearchConfig } from '../../schemas/sweep/search.ts';
import type { SweepCell } from '../../schemas/sweep/sweep-state.ts';

/** The fewest scores on a rung with which the median rule gives up a trial. */
const FEWEST_SCORES = 3;

/** What a search does next: run a trial on a rung, wait until another has ended, or end. */
export type NextTrial = { index: number; rung: number } | 'wait' | 'end';

/** The most trials on each rung, from the first rung. */
export function rungSizes(search: SearchConfig): number[] {
  const { trials, resource } = search;
  const rungs = rungsOf(search);
  if (resource === undefined || resource.stop === 'median') return rungs.map(() => trials);
  return rungs.reduce<number[]>(
    (sizes) => [...sizes, sizes.length === 0 ? trials : kept(sizes.at(-1)!, resource.factor)],
    [],
  );
}

function kept(size: number, factor: number): number {
  return Math.max(1, Math.floor(size / factor));
}

/**
 * Chooses what to do next from the cells alone, so that a sweep that continues as a new run does the same.
 */
export function nextTrial(cells: readonly SweepCell[], search: SearchConfig): NextTrial {
  const trials = trialCells(cells);
  const begun = (index: number, rung: number) =>
    trials.some(({ trial }) => trial.index === index && trial.rung === rung);
  const risen = trials.find(
    ({ trial }) => trial.verdict === 'goes on' && !begun(trial.index, trial.rung + 1),
  );
  if (risen !== undefined) return { index: risen.trial.index, rung: risen.trial.rung + 1 };
  const tried = trials.filter(({ trial }) => trial.rung === 0).length;
  if (tried < search.trials) return { index: tried, rung: 0 };
  return trials.some(({ status }) => status === 'running') ? 'wait' : 'end';
}

/**
 * Returns the verdicts that the end of a trial makes possible. Trials are compared only within a rung, where
 * all had the same resource. halving: successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943),
 * each rung judged when all its trials have ended. median: the median rule of Vizier (Golovin et al. 2017),
 * with rungs as its steps.
 */
export function judgeTrials(params: {
  cells: readonly SweepCell[];
  search: SearchConfig;
  ended: TrialCell;
}): { run: string; verdict: 'goes on' | 'given up' }[] {
  const { cells, search, ended } = params;
  const { resource } = search;
  const { rung } = ended.trial;
  if (resource === undefined || rung === rungsOf(search).length - 1) return [];
  const onRung = trialCells(cells).filter(({ trial }) => trial.rung === rung);
  if (resource.stop === 'median') {
    if (ended.trial.score === null) return [];
    const others = onRung.filter(({ run }) => run !== ended.run);
    return [{ run: ended.run, verdict: isWorseThanMedian(ended, others, search) ? 'given up' : 'goes on' }];
  }
  const expected =
    rung === 0
      ? search.trials
      : trialCells(cells).filter(({ trial }) => trial.rung === rung - 1 && trial.verdict === 'goes on')
          .length;
  if (onRung.length < expected || onRung.some(({ status }) => status === 'running')) return [];
  const best = rankTrials(onRung, search).slice(0, kept(expected, resource.factor));
  return onRung
    .filter(({ trial }) => trial.score !== null)
    .map((cell) => ({ run: cell.run, verdict: best.includes(cell) ? 'goes on' : 'given up' }));
}

function isWorseThanMedian(one: TrialCell, others: readonly TrialCell[], search: SearchConfig): boolean {
  const scores = others.flatMap(({ trial }) => (trial.score === null ? [] : [trial.score]));
  if (scores.length < FEWEST_SCORES) return false;
  scores.sort((a, b) => a - b);
  const middle = (scores.length - 1) / 2;
  const median = (scores[Math.floor(middle)] + scores[Math.ceil(middle)]) / 2;
  return isMaximized(search) ? one.trial.score! < median : one.trial.score! > median;
}
