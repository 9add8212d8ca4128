import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { surveyText } from './plan-text.ts';

const colors = createColors(false);
const counts = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => ({ label: `${name}-${i}`, records: count - i }));

test('the owner of a corpus sees what it holds, in lines of bounded length', () => {
  const survey = { form: 'CSV, columns divided by tabs', read: 3_000, empty: 2, declared: counts(1500, 'a') };
  const other = [
    { label: `a text\n\u001b[31min place of a label ${'x'.repeat(300)}`, records: 7 },
    ...counts(900, 'b'),
  ];
  const text = surveyText({ ...survey, other }, colors);
  expect(text).toContain('CSV, columns divided by tabs');
  expect(text).toMatch(/records by label +a-0 1,500, a-1 1,499, .*a-19 1,481, and 1,480 more labels\n/);
  expect(text).toMatch(
    /of undeclared labels +405,457, left out: a text \[31min place of a label x+… 7, b-0 900/,
  );
  expect(text).toMatch(/without text +2, left out/);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(700);
  expect(text).not.toContain('\u001b');
});
