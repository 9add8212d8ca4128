import { expect, it } from 'vitest';
import { reportData } from '../../../engine/report/report.fixture.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { scoreTable } from './score-table.ts';

it('shows rows with scores, why others have none, and no rows that were not requested', () => {
  const { scores } = reportData();
  const missing = [{ source: 'real' as const, why: 'OutOfMemory: no room\nand more' }];
  const rows = scores!.rows.filter(({ source }) => source === 'majority' || source === 'synthetic');
  const table = scoreTable({
    scores: { ...scores!, rows, missing },
    internal: ['majority'],
    colors: colorsFor(process.stderr),
  });
  expect(table).toMatch(/Majority \*.*Synthetic.*Real .*no score: OutOfMemory: no room/s);
  expect(table).not.toMatch(/Real, DP|Zero-shot|and more/);
});
