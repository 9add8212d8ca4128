import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { warnOfCorpus } from './warn-of-corpus.ts';

const experiment = (name: string, source: string) => {
  const config = parseExperiment(JSON.parse(readFileSync(`test/cases/${name}.json`, 'utf8')));
  return { ...config, corpus: { ...config.corpus, source } };
};
const warned = async (...params: Parameters<typeof experiment>) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  await warnOfCorpus(experiment(...params));
  return said.mock.calls.flat().join('\n');
};
afterEach(() => vi.restoreAllMocks());

test('a label without records gives a warning before a run starts', async () => {
  expect(await warned('run-typo', 'test/cases/csv-label-typo.csv')).toMatch(
    /No record has the label nuetral.*40 of 120 records are left out/s,
  );
});

test('a good corpus gives no warning, nor does a corpus that the run will refuse', async () => {
  expect(await warned('run-seed-date', 'test/cases/csv-ok.csv')).toBe('');
  expect(await warned('run-seed-date', 'test/cases/csv-noheader.csv')).toBe('');
  expect(await warned('run-seed-date', 's3://bucket/corpus.csv')).toBe('');
});
