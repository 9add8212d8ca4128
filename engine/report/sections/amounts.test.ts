import { expect, test } from 'vitest';
import type { Amounts } from '../../../schemas/scores.ts';
import { renderReport } from '../render-report.ts';
import { reportData, scoreRow, scores } from '../report.fixture.ts';
import { amounts } from '../tuning.fixture.ts';
import { amountsSection } from './amounts.ts';

const section = (given: Amounts, rows = scores().rows) =>
  amountsSection(reportData({ scores: { ...scores(), rows, amounts: given } }))?.body.markup ?? '';

test('draws a curve up to the row synthetic, with zero-shot and real as levels and a table of the numbers', () => {
  const body = section(amounts());
  expect(body).toContain(
    'goes from 0.633 with 138 records (0.033 times the real training records) to 0.724 with 550 records (0.13 times the real training records); Zero-shot 0.610; Real 0.955.',
  );
  expect(body.match(/<svg [^>]*role="img"/g)).toHaveLength(2);
  for (const cell of [
    '25%',
    '0.633 ± 0.010',
    '0.598 to 0.668',
    '0.623, 0.633, 0.643',
    '100%',
    '0.724 ± 0.012',
  ])
    expect(body).toContain(cell);
  expect(body).toContain('12.5% of the synthetic records, missing: InvalidData: fewer than two labels');
  // Each level is drawn, and every amount has a tick.
  expect(body).toMatch(/<text[^>]*>Zero-shot<\/text>/);
  for (const records of ['138', '275', '550'])
    expect(body).toMatch(new RegExp(`<text[^>]*>${records}</text>`));
});

test('a run without this option has no such section; one in which every part failed says why', () => {
  expect(amountsSection(reportData({ scores: { ...scores(), amounts: undefined } }))).toBeNull();
  expect(amountsSection(reportData({ scores: null }))).toBeNull();
  const body = section({ points: [], missing: amounts().missing }, []);
  expect(body).toContain('No part has a score to show.');
  expect(body).toContain('fewer than two labels');
});

test('without levels, intervals or a defined score there is no NaN', () => {
  const [one] = amounts().points;
  const bare = { ...one, intervals: { accuracy: null, balancedAccuracy: null, macroF1: null } };
  const body = section({ points: [bare], missing: [] }, [scoreRow('synthetic', null)]);
  expect(body).toContain('Balanced accuracy is 0.633 with 138 records');
  expect(body).toContain('not defined');
  expect(body).not.toMatch(/NaN|Infinity|undefined/);
});

test('a release has the curve only if the test set is public, without the row of the real records', () => {
  const data = reportData({ version: 'release', scores: { ...scores(), amounts: amounts() } });
  const page = renderReport(data);
  expect(page).toContain('0.633');
  expect(page).toContain('Zero-shot 0.610.');
  expect(page).not.toContain('0.955');
  const corpus = { ...data.config.corpus, testSetIsPublic: false };
  const closed = renderReport({ ...data, config: { ...data.config, corpus } });
  for (const mark of ['0.633', '0.687', 'Amount of synthetic data']) expect(closed).not.toContain(mark);
});
