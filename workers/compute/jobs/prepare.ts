import { prepareCorpus } from '../../../engine/data/prepare-corpus.ts';
import { countLabels, RECORDS_MEDIA_TYPE, recordPieces } from '../../../engine/data/records-file.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { type Place, runLayout } from '../../../schemas/run-layout.ts';
import { readCorpus } from '../../../storage/assets/read-corpus.ts';
import { readTestSource } from '../../../storage/assets/read-test-source.ts';
import { readPart } from '../../../storage/version-records.ts';
import type { JobContext } from '../job-context.ts';

/**
 * Reads the corpus, keeps the declared labels, removes duplicates, splits, and writes train and test (JSONL) and the
 * counts under `private/<run>/`.
 * Throws InvalidData for a corpus that cannot be used, AssetUnavailable where the source is not there.
 */
export async function runPrepare(job: JobOf<'prepare'>, context: JobContext): Promise<JobResult<'prepare'>> {
  const { corpus, run, seed } = job;
  const { labels, source } = corpus;
  const bytes = await readCorpus({ source });
  const testBytes = await readTestSource(corpus);
  const units = corpus.part === undefined ? undefined : await readPart(context.store, corpus.part);
  const { train, test, unitSet, counts } = prepareCorpus({ bytes, testBytes, corpus, seed, units });

  const layout = runLayout(run);
  const put = (place: Place, part: LabelledText[]) =>
    context.store.put({ ...place, body: recordPieces(part), mediaType: RECORDS_MEDIA_TYPE });
  const result = {
    train: await put(layout.train, train),
    test: await put(layout.test, test),
    records: train.length,
    testRecords: test.length,
    units: (await context.store.keyedDigest({ purpose: 'units', text: unitSet })).slice(0, 32),
  };
  const diagnostics = { ...counts, train: countLabels(train, labels), test: countLabels(test, labels) };
  await context.store.putJson({ ...layout.prepareDiagnostics, value: diagnostics, indented: true });
  return result;
}
