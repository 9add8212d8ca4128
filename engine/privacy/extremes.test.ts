import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { epsilonOf } from './accountant.ts';
import { isNumericalFailure } from './parts.ts';

// 300 random sets, and what other arithmetic says of them: see make-extremes.py beside the numbers.
type Row = {
  samplingRate: number;
  steps: number;
  noiseMultiplier: number;
  delta: number;
  /** null: below 0.01, or out of the reach of the reference. */
  epsilon: number | null;
  /** Google's accountant: never below the truth. */
  dpAccounting?: number;
};
const rows: Row[] = JSON.parse(
  readFileSync(new URL('../../test/reference/extremes.json', import.meta.url), 'utf8'),
);
/** Accuracy of the reference itself. */
const REFERENCE_ERROR = 5e-5;
const SMALL = 0.01;
// Every third set keeps the test short; DPSYNTH_ALL_EXTREMES=1 takes all of them.
const every = process.env.DPSYNTH_ALL_EXTREMES === '1' ? 1 : 3;

const answerOf = (row: Row): number | null => {
  try {
    return epsilonOf({ parts: [row], delta: row.delta });
  } catch (error) {
    if (isNumericalFailure(error)) return null;
    throw error;
  }
};

describe('epsilonOf at extremes', () => {
  const answers = rows.flatMap((row, k) => (k % every === 0 ? [{ row, k, epsilon: answerOf(row) }] : []));

  it('is never below the truth, and at most 0.5% above it where epsilon is over 0.01', () => {
    const wrong = answers.filter(({ row, epsilon }) => {
      if (epsilon === null || row.epsilon === null) return false;
      const most = row.epsilon > SMALL ? row.epsilon * 1.005 : Number.POSITIVE_INFINITY;
      return epsilon < row.epsilon * (1 - REFERENCE_ERROR) || epsilon > most;
    });
    expect(wrong).toEqual([]);
  });

  it('is not above what Google’s accountant says by more than 0.5% either', () => {
    const above = answers.filter(
      ({ row, epsilon }) =>
        row.dpAccounting !== undefined && epsilon !== null && epsilon > row.dpAccounting * 1.005,
    );
    expect(above).toEqual([]);
  });

  it('refuses hardly any', () => {
    expect(answers.filter(({ epsilon }) => epsilon === null).length).toBeLessThan(0.03 * answers.length);
  });
});
