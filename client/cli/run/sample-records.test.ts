import pc from 'picocolors';
import { expect, test } from 'vitest';
import { pickRecords, recordLines } from './sample-records.ts';

const colors = pc.createColors(false);

test('the shown records cover every label before they repeat one', () => {
  const records = ['a', 'a', 'a', 'b', 'c'].map((label, i) => ({ label, text: `${label}${i}` }));
  const picked = pickRecords({ records, labels: ['a', 'b', 'c'], count: 4 });
  expect(picked.map(({ text }) => text)).toEqual(['a0', 'b3', 'c4', 'a1']);
});

test('text of a model cannot control the terminal and stays within the columns', () => {
  const text = `\u001b[2Jred\u202e\n${'word '.repeat(60)}`;
  const lines = recordLines({ records: [{ label: 'x', text }], columns: 60, colors });
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});
