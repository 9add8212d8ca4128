import { createColors } from 'picocolors';
import { expect, test } from 'vitest';
import { planExperiment, planWithSignal } from '../../../activities/plan-experiment.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { planText, surveyText } from './plan-text.ts';

const colors = createColors(false);
const counts = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => ({ label: `${name}-${i}`, records: count - i }));

test('the owner of a corpus sees its contents, in lines of bounded length', () => {
  const survey = {
    form: 'CSV, columns separated by tabs',
    read: 3_000,
    empty: 2,
    declared: counts(1500, 'a'),
  };
  const other = [
    { label: `a text\n\u001b[31min place of a label ${'x'.repeat(300)}`, records: 7 },
    ...counts(900, 'b'),
  ];
  const text = surveyText({ ...survey, other }, colors);
  expect(text).toContain('CSV, columns separated by tabs');
  expect(text).toMatch(/records by label +a-0 1,500, a-1 1,499, .*a-19 1,481, and 1,480 more labels\n/);
  expect(text).toMatch(
    /with other labels +405,457, left out: a text \[31min place of a label x+… 7, b-0 900/,
  );
  expect(text).toMatch(/without text +2, left out/);
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(700);
  expect(text).not.toContain('\u001b');
});

function textOf(corpus: object): string {
  const config = parseExperiment({
    corpus: { source: '/data/notes.csv', labels: ['a', 'b'], ...corpus },
    template: { form: 'prefix', task: 't' },
  });
  const plan = planExperiment({ config, records: 4000, trainableParameters: 30_720 });
  const cost = { trainingPasses: 1, trainingTokens: 1, sampledTokens: 1, minutes: 1 };
  const empty = { form: 'CSV', read: 5000, declared: [], other: [], empty: 0 };
  return planText({ ...plan, config, testRecords: 1000, signal: null, cost }, empty, {
    colors,
    defaults: false,
  });
}

test('a plan says where the test records come from and what declaring them public means', () => {
  const random = textOf({});
  expect(random).toContain('1,000, a random part of the corpus (corpus.testFraction 0.2)');
  expect(random).toContain('private: scores on them stay in the private area, and a search cannot use them');
  const own = textOf({ test: '/data/public.csv', testSetIsPublic: true });
  expect(own).toContain('1,000, from /data/public.csv');
  expect(own).toContain('declared public: these records may be published, and so may scores on them');
  expect(textOf({ test: { field: 'fold', value: 4 } })).toContain(
    '1,000, the rows of the corpus with fold = 4',
  );
});

/** The plan of a small experiment, with one warning that the corpus gives. */
function planned(epsilon: number | 'none') {
  const config = parseExperiment({
    corpus: { source: 'own.csv', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 'notes' },
    privacy: { epsilon },
  });
  const { plan, signal } = planWithSignal({ config, records: 4000, trainableParameters: 30_720 });
  return {
    ...plan,
    warnings: ['12 of 5,000 records are left out.', ...plan.warnings],
    testRecords: 1000,
    signal,
    cost: { trainingPasses: 2048, trainingTokens: 98_304, sampledTokens: 52_800, minutes: 9.7 },
    config,
  };
}

const survey = { form: 'CSV', read: 5000, empty: 0, declared: counts(2, 'a'), other: [] };

test('a plan begins with what decides whether to run, fits a screen, and shows its settings on request', () => {
  const lines = planText(planned(8), survey, { colors, defaults: false }).split('\n');
  expect(lines.length).toBeLessThan(36);
  expect(lines[1]).toMatch(/verdict +(clear|weak|drowned): /);
  const places = [
    /^ {2}epsilon/,
    /^ {2}training records n +4,000/,
    /^ {2}records by label/,
    /^ {2}time +roughly 10 min/,
  ];
  const found = [...places, /^Warning: 12 of/, /^Mechanism/].map((place) =>
    lines.findIndex((line) => place.test(line)),
  );
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(lines.join('\n')).not.toContain('"expectedBatchSize"');
  expect(planText(planned(8), survey, { colors, defaults: true })).toContain('"expectedBatchSize": 128');
});

test('the advice on a drowned signal appears once', () => {
  const text = planText(planned(0.1), survey, { colors, defaults: false });
  expect(text).toContain('drowned');
  expect(text.split('fewer trainable parameters')).toHaveLength(2);
  expect(text).toContain('Warning: 12 of 5,000');
});

test('a plan without privacy says so first', () => {
  const text = planText(planned('none'), survey, { colors, defaults: false });
  expect(text).toMatch(/verdict +no noise is added/);
  expect(text).toMatch(/privacy +NONE/);
});
