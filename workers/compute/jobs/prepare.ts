import { readFile } from 'node:fs/promises';
import { corpusReader } from '../../../engine/data/corpus-reader.ts';
import { countLabels, formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { selectRecords } from '../../../engine/data/select-records.ts';
import { splitCorpus } from '../../../engine/data/split-corpus.ts';
import { invalidData } from '../../../schemas/errors.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import type { JobContext } from '../job-context.ts';

/** With fewer records the noise drowns what they say at any useful epsilon, and delta < 1/n protects little. */
const MINIMUM_TRAINING_RECORDS = 50;

/**
 * Reads the corpus, keeps the declared labels, removes duplicates, splits, and writes train and test (JSONL) and the
 * counts under `private/<run>/`.
 * Throws InvalidData for a corpus that cannot be used, AssetUnavailable where the source is not there.
 */
export async function runPrepare(job: JobOf<'prepare'>, context: JobContext): Promise<JobResult<'prepare'>> {
  const { corpus, run, seed } = job;
  const { labels, source } = corpus;
  const readRecords = corpusReader(corpus);
  const { path } = await locateAsset({ asset: source });
  const { records, counts } = selectRecords({
    records: readRecords(await readFile(path)),
    labels,
    name: source,
  });
  const { train, test } = splitCorpus({ records, testFraction: corpus.testFraction, seed });
  requireEnough({ train, test, source });

  const put = (name: string, part: LabelledText[]) =>
    context.store.put({
      area: 'private',
      key: `${run}/${name}.jsonl`,
      body: formatRecords(part),
      mediaType: RECORDS_MEDIA_TYPE,
      rows: part.length,
    });
  const result = {
    train: await put('train', train),
    test: await put('test', test),
    records: train.length,
    testRecords: test.length,
  };
  const diagnostics = { ...counts, train: countLabels(train, labels), test: countLabels(test, labels) };
  await context.store.put({
    area: 'private',
    key: `${run}/prepare-diagnostics.json`,
    body: `${JSON.stringify(diagnostics, null, 2)}\n`,
    mediaType: 'application/json',
  });
  return result;
}

function requireEnough(params: { train: LabelledText[]; test: LabelledText[]; source: string }): void {
  const { train, test, source } = params;
  if (train.length < MINIMUM_TRAINING_RECORDS)
    throw invalidData(
      `${source} leaves n=${train.length} training records after duplicates and the split; ` +
        `a DP corpus needs at least ${MINIMUM_TRAINING_RECORDS}. Give more records, or a smaller corpus.testFraction.`,
    );
  if (test.length === 0)
    throw invalidData(
      `${source} leaves no test records. Give more records, or a larger corpus.testFraction.`,
    );
  if (new Set(train.map(({ label }) => label)).size < 2)
    throw invalidData(`The training records of ${source} have one label only: at least two are needed.`);
}
