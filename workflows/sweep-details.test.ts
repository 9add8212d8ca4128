import { expect, it } from 'vitest';
import type { SweepCell } from '../schemas/sweep-state.ts';
import { sweepDetails } from './sweep-details.ts';

const cell: SweepCell = {
  name: 'lora',
  run: 's-lora',
  status: 'done',
  why: null,
  epsilon: 3,
  startedAt: '2026-01-01T10:00:00.000Z',
  endedAt: '2026-01-01T10:01:00.000Z',
  earlier: false,
  training: { epsilon: 2.99, trainableParameters: 10, seconds: 1.5, peakRssBytes: 2 ** 20 },
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
  expect(lines).toContain(
    '| lora | `s-lora` | done | 3 | 0.700 (0.600 to 0.800) | not defined | 10 | 1.5 s | 1 MiB |',
  );
  expect(lines).toContain('- bad: InvalidData: a b c');
});

it('says where scores are that may not be known', () => {
  const closed = { ...cell, published: null };
  expect(sweepDetails({ sweep: 's', name: 's', cells: [closed] })).toContain('private reports');
  expect(sweepDetails({ sweep: 's', name: 's', cells: [cell] })).not.toContain('private reports');
});
