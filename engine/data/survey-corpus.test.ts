import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { corpusSchema } from '../../schemas/settings/corpus.ts';
import { surveyCorpus, surveyWarnings } from './survey-corpus.ts';

const survey = (source: string, labels: string[], content?: string) => {
  const bytes = content === undefined ? readFileSync(`test/cases/${source}`) : Buffer.from(content);
  return surveyCorpus({ bytes, corpus: corpusSchema.parse({ source, labels }) });
};

test('counts and warns about declared labels without records and records with undeclared labels', () => {
  const found = survey('csv-label-typo.csv', ['pos', 'neg', 'nuetral']);
  expect(found).toMatchObject({
    form: 'CSV, columns separated by commas',
    read: 120,
    declared: [
      { label: 'pos', records: 40 },
      { label: 'neg', records: 40 },
      { label: 'nuetral', records: 0 },
    ],
    other: [{ label: 'neutral', records: 40 }],
    empty: 0,
  });
  const [absent, dropped] = surveyWarnings(found);
  expect(absent).toContain('No record has the label nuetral of corpus.labels');
  expect(dropped).toContain('40 of 120 records are left out');
  // Warnings appear in places that must not show labels of records.
  expect(absent + dropped).not.toContain('neutral');
});

test('labels are counted in the form in which they are compared', () => {
  expect(survey('csv-nfd-onelabel.csv', ['café', 'the', 'eau'])).toMatchObject({
    declared: [{ records: 40 }, { records: 40 }, { records: 40 }],
    other: [],
  });
  const rows = ['text,label', 'a, two  words ', 'b,Two words', ' ,two words'];
  expect(survey('c.csv', ['two words', 'x'], rows.join('\n'))).toMatchObject({
    declared: [{ records: 1 }, { records: 0 }],
    other: [{ label: 'Two words', records: 1 }],
    empty: 1,
  });
});

test.each([
  ['csv-semicolon.csv', 'CSV, columns separated by semicolons'],
  ['jl-ok.jsonl', 'JSON, one object per line'],
])('%s is described as %s, without warnings', (source, form) => {
  const found = survey(source, ['pos', 'neg']);
  expect(found.form).toBe(form);
  expect(surveyWarnings(found)).toEqual([]);
});

test('a .tsv file is separated by tabs', () => {
  const found = survey('c.tsv', ['x', 'y'], 'text\tlabel\na, b\tx\nc\ty\n');
  expect(found).toMatchObject({ form: 'CSV, columns separated by tabs', read: 2, other: [] });
});
