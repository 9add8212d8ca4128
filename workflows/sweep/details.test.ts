import { expect, it } from 'vitest';
import type { SweepCell } from '../../schemas/sweep/sweep-state.ts';
import { sweepDetails } from './details.ts';

const cell: SweepCell = {
  name: 'lora',
  run: 's-lora',
  status: 'done',
  why: null,
  epsilon: 3,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:01:00.000Z',
  earlier: false,
  training: { epsilon: 2.99, trainableParameters: 10 },
  published: [
    {
      source: 'synthetic',
      mean: { accuracy: 0.7, balancedAccuracy: null, macroF1: null },
      intervals: { accuracy: { low: 0.6, high: 0.8 }, balancedAccuracy: null, macroF1: null },
    },
  ],
  scores: null,
  report: null,
};
const bad: SweepCell = {
  ...cell,
  name: 'bad',
  status: 'failed',
  why: 'InvalidData: a|b\nc',
  training: null,
  published: null,
};

it('shows every variant with its scores and costs, and why one failed, in one line each', () => {
  const lines = sweepDetails({ sweep: 's', name: 'x<y', cells: [cell, bad] }).split('\n');
  expect(lines[0]).toBe('### x y');
  expect(lines).toContain('1 of 2 variants done, 0 running, **1 failed**');
  expect(lines).toContain('| lora | done | 3 | 0.700 (0.600 to 0.800) | not defined | 10 |');
  expect(lines).toContain('- bad: InvalidData: a b c');
});

it('says where private scores are', () => {
  const closed = { ...cell, published: null };
  const page = sweepDetails({ sweep: 's', name: 's', cells: [closed] });
  expect(page).toContain('private reports');
  expect(page.split('\n')).toContain('| lora | done | 3 | 10 |');
  expect(sweepDetails({ sweep: 's', name: 's', cells: [cell] })).not.toContain('private reports');
});

it('ranks the trials of a search, higher rungs first, and says what they cost', () => {
  const trial = (index: number, rung: number, score: number | null): SweepCell => ({
    ...cell,
    name: `t00${index + 1}-rung-${rung + 1}`,
    status: score === null ? 'running' : 'done',
    trial: {
      index,
      rung,
      values: { 'training.steps': index + 5, 'template.task': 'a|b' },
      score,
      verdict: null,
    },
  });
  const cells = [trial(0, 0, 0.7), trial(1, 0, 0.9), trial(0, 1, 0.8), trial(2, 0, null)];
  const page = sweepDetails({
    sweep: 's',
    name: 's',
    cells,
    objective: { metric: 'accuracy' },
    paused: true,
    cost: {
      before: { trainings: 4, epsilon: 12, withoutPrivacy: 0 },
      after: { trainings: 3, cached: 1, withoutPrivacy: 0, epsilon: 5.4321, delta: 0.001 },
    },
  }).split('\n');
  expect(page).toContain('3 of 4 started trials done, 1 running, **paused**');
  expect(page.filter((line) => line.startsWith('| ')).slice(2)).toEqual([
    '| 1 | t001-rung-2 | `s-lora` | done | 2 | 0.800 | 5 | a b |',
    '| 2 | t002-rung-1 | `s-lora` | done | 1 | 0.900 | 6 | a b |',
    '| 3 | t001-rung-1 | `s-lora` | done | 1 | 0.700 | 5 | a b |',
    '|  | t003-rung-1 | `s-lora` | running | 1 |  | 7 | a b |',
  ]);
  expect(page).toContain('Privacy before: at most epsilon 12, the sum over 4 trainings');
  expect(page).toContain(
    'Privacy after: epsilon 5.432 at delta 0.0010, composed over 3 trainings; 1 training from the cache at no cost',
  );
});
