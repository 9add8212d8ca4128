import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { corpusSchema } from '../../schemas/settings/corpus.ts';
import { corpusReader } from './corpus-reader.ts';
import { prepareCorpus } from './prepare-corpus.ts';

// test/cases/README.md describes each file.
const read = (source: string) =>
  corpusReader({ source, textField: 'text', labelField: 'label' })(readFileSync(`test/cases/${source}`));
const plain = (source: string) => read(source).map(({ text, label }) => `${text.trim()} | ${label.trim()}`);

test.each([
  'csv-utf16le-bom.csv',
  'csv-crlf-one-lf-row.csv',
  'csv-rrn.csv',
  'csv-semicolon.csv',
  'jl-ok.jsonl',
  'jl-cr.jsonl',
  'jl-nan.jsonl',
])('%s contains the 120 records of csv-ok.csv', (source) => {
  expect(plain(source)).toEqual(plain('csv-ok.csv'));
  expect(read(source)).toHaveLength(120);
});

test('a file joined from two, with a byte order mark in the middle, contains the records of both', () => {
  expect(plain('jl-bom-mid.jsonl')).toHaveLength(240);
  expect(plain('jl-bom-mid.jsonl').slice(0, 120)).toEqual(plain('csv-ok.csv'));
});

test.each([
  ['csv-noheader.csv', 'no column text among 2 columns; does the file have a header line?'],
  ['csv-dup-header.csv', 'the column text occurs twice'],
  ['jl-bigint-collapse.jsonl', 'line 1: the field "label" is a number beyond 2^53'],
])('%s is refused: %s', (source, message) => {
  expect(() => read(source)).toThrow(message);
});

test('a label with its accents encoded differently is the same label', () => {
  const source = 'csv-nfd-onelabel.csv';
  const labels = ['café', 'the', 'eau'];
  const bytes = readFileSync(`test/cases/${source}`);
  const {
    train,
    test: held,
    counts,
  } = prepareCorpus({
    bytes,
    corpus: corpusSchema.parse({ source, labels }),
    seed: 1,
  });
  expect(counts).toMatchObject({ read: 120, otherLabels: 0 });
  expect(new Set([...train, ...held].map(({ label }) => label))).toEqual(new Set(labels));
});
