import { describe, expect, it } from 'vitest';
import { rankTrials, type TrialCell } from '../../schemas/sweep/rank-trials.ts';
import { rungsOf, type SearchInput, searchSchema } from '../../schemas/sweep/search.ts';
import { judgeTrials, nextTrial, rungSizes } from './search-ladder.ts';

const configOf = (search: Partial<SearchInput>) =>
  searchSchema.parse({ trials: 9, space: { x: { low: 0, high: 1 } }, ...search });

const cellOf = (index: number, rung: number): TrialCell => ({
  name: `t${index}-${rung}`,
  run: `t${index}-${rung}`,
  status: 'running',
  why: null,
  epsilon: 1,
  startedAt: null,
  endedAt: null,
  earlier: false,
  training: null,
  published: null,
  scores: null,
  report: null,
  trial: { index, rung, values: {}, score: null, verdict: null },
});

/** Runs a whole search with so many lanes; `scoreOf` null fails. The trial that began first ends first. */
function play(params: {
  search: Partial<SearchInput>;
  lanes: number;
  scoreOf: (index: number, rung: number) => number | null;
}): TrialCell[] {
  const search = configOf(params.search);
  const cells: TrialCell[] = [];
  for (;;) {
    let next = nextTrial(cells, search);
    while (
      typeof next === 'object' &&
      cells.filter(({ status }) => status === 'running').length < params.lanes
    ) {
      cells.push(cellOf(next.index, next.rung));
      next = nextTrial(cells, search);
    }
    const ended = cells.find(({ status }) => status === 'running');
    if (ended === undefined) return cells;
    const { index, rung } = ended.trial;
    ended.trial.score = params.scoreOf(index, rung);
    ended.status = ended.trial.score === null ? 'failed' : 'done';
    for (const { run, verdict } of judgeTrials({ cells, search, ended }))
      cells.find((cell) => cell.run === run)!.trial.verdict = verdict;
  }
}

const names = (cells: TrialCell[]) => cells.map(({ name }) => name);
const halving = { min: 1, max: 9, factor: 3, stop: 'halving' } as const;

it('rungs grow by the factor and end at the maximum', () => {
  expect(rungsOf(configOf({ resource: { min: 2, max: 33, factor: 4 } }))).toEqual([2, 8, 32, 33]);
  expect(rungsOf(configOf({ resource: { min: 5, max: 5 } }))).toEqual([5]);
  expect(rungsOf(configOf({}))).toEqual([null]);
  expect(rungSizes(configOf({ trials: 20, resource: halving }))).toEqual([20, 6, 2]);
});

describe('successive halving', () => {
  it.each([1, 2, 4, 20])(
    'runs the best third of a rung on the next one, whatever the number of lanes (%i)',
    (lanes) => {
      const cells = play({ search: { resource: halving }, lanes, scoreOf: (index) => (index * 7) % 9 });
      // 0 7 5 3 1 8 6 4 2 are the scores: those of 5, 1 and 6 are the best, then that of 5.
      expect(names(cells).slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, i) => `t${i}-0`));
      expect(names(cells).slice(9)).toEqual(['t1-1', 't5-1', 't6-1', 't5-2']);
      expect(names(rankTrials(cells, configOf({}))).slice(0, 2)).toEqual(['t5-2', 't5-1']);
    },
  );

  it('continues to its end without failed trials', () => {
    const cells = play({
      search: { resource: halving },
      lanes: 3,
      scoreOf: (index) => (index < 7 ? null : index),
    });
    expect(names(cells).slice(9)).toEqual(['t7-1', 't8-1', 't8-2']);
    const none = play({ search: { resource: halving }, lanes: 3, scoreOf: () => null });
    expect(none).toHaveLength(9);
  });

  it('prefers the smallest score if less is better', () => {
    const objective = { metric: 'heldOutLoss' } as const;
    const cells = play({ search: { resource: halving, objective }, lanes: 2, scoreOf: (index) => index });
    expect(names(cells).slice(9)).toEqual(['t0-1', 't1-1', 't2-1', 't0-2']);
  });
});

it('the median rule advances a trial at once unless it is worse than the median of earlier ones', () => {
  const cells = play({
    search: { trials: 5, resource: { ...halving, max: 3, stop: 'median' } },
    lanes: 1,
    // The first three have nothing to be compared with; then 2 is below the median 5, and 9 above it.
    scoreOf: (index) => [5, 1, 7, 2, 9][index],
  });
  expect(names(cells)).toEqual(['t0-0', 't0-1', 't1-0', 't1-1', 't2-0', 't2-1', 't3-0', 't4-0', 't4-1']);
  expect(cells.filter(({ trial }) => trial.verdict === 'given up').map(({ name }) => name)).toEqual(['t3-0']);
});
