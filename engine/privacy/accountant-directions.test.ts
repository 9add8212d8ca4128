import { beforeEach, expect, test, vi } from 'vitest';
import { deltaOf, epsilonOf } from './accountant.ts';
import { discretise } from './pld.ts';

vi.mock(import('./pld.ts'), async (original) => {
  const actual = await original();
  return { ...actual, discretise: vi.fn(actual.discretise) };
});

// Adding and removing a record are two directions, and the guarantee holds for the worse one. For the
// Poisson-subsampled Gaussian that was removing in all of 500 parameter sets that were tried, so no number
// shows that one was left out. What is composed shows it.

beforeEach(() => {
  vi.mocked(discretise).mockClear();
});

const directions = () => new Set(vi.mocked(discretise).mock.calls.map(([{ direction }]) => direction));

const PARTS = [{ samplingRate: 0.02, noiseMultiplier: 1, steps: 200 }];

test('epsilon comes from both directions', () => {
  epsilonOf({ parts: PARTS, delta: 1e-5 });
  expect(directions()).toEqual(new Set(['remove', 'add']));
});

test('delta comes from both directions', () => {
  deltaOf({ parts: PARTS, epsilon: 0.5 });
  expect(directions()).toEqual(new Set(['remove', 'add']));
});
