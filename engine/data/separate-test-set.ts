import { DpsynthError, ErrorType, invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig, MarkedRows } from '../../schemas/settings/corpus.ts';
import { corpusReader } from './corpus-reader.ts';
import { normaliseText } from './normalise-text.ts';
import { type SelectionCounts, selectRecords } from './select-records.ts';
import { unitDigest } from './unit-digest.ts';

/** The records of a corpus before its split. Private, but for `test` where the test set is public. */
export type SeparatedRecords = {
  /** All records of the corpus file as they were read, with any label. */
  read: LabelledText[];
  /** Those that may be trained on: with a declared label, without duplicates, none that stands in `test`. */
  records: LabelledText[];
  /** The records of `corpus.test`; null without it: a part of `records` is then the test set. */
  test: LabelledText[] | null;
  counts: SelectionCounts & { inTestSet?: number };
};

/**
 * Reads a corpus, and the test set if it is not a part of the corpus: `testBytes` is the content of `corpus.test` if that names a source.
 * A record whose text stands in the test set, with whichever label, is not trained on. The test set is never cut by what the
 * private records hold: who sees a public test set must learn nothing of them.
 * @throws InvalidData for a corpus or a test set that cannot be used
 */
export function separateTestSet(params: {
  bytes: Uint8Array;
  testBytes?: Uint8Array;
  corpus: CorpusConfig;
}): SeparatedRecords {
  const { bytes, testBytes, corpus } = params;
  const { labels, source } = corpus;
  const read = corpusReader(corpus)(bytes);
  if (corpus.test === undefined)
    return { read, test: null, ...selectRecords({ records: read, labels, name: source }) };
  const { inside, outside, name } =
    typeof corpus.test === 'string'
      ? { inside: readTestSource(corpus, corpus.test, testBytes), outside: read, name: corpus.test }
      : markedRows({ bytes, corpus, read, test: corpus.test });
  const { records: test } = selectRecords({ records: inside, labels, name });
  const { records: selected, counts } = selectRecords({ records: outside, labels, name: source });
  const units = new Set(inside.map(({ text }) => unitDigest(normaliseText(text))));
  const records = selected.filter(({ text }) => !units.has(unitDigest(text)));
  return { read, records, test, counts: { ...counts, inTestSet: selected.length - records.length } };
}

function readTestSource(corpus: CorpusConfig, source: string, bytes: Uint8Array | undefined): LabelledText[] {
  if (bytes === undefined) throw new Error(`the content of corpus.test, ${source}, was not given`);
  return corpusReader({ ...corpus, source }, 'corpus.test')(bytes);
}

/** The rows of the corpus file that a field marks as the test set, and the others. Both readings give the rows in the order of the file. */
function markedRows(params: {
  bytes: Uint8Array;
  corpus: CorpusConfig;
  read: LabelledText[];
  test: MarkedRows;
}): { inside: LabelledText[]; outside: LabelledText[]; name: string } {
  const { bytes, corpus, read, test } = params;
  const marks = readMarks({ bytes, corpus, field: test.field });
  if (marks.length !== read.length || marks.some((mark, at) => mark.text !== read[at].text))
    throw new Error('two readings of one corpus gave other rows');
  const isTest = (at: number) => marks[at].label.trim() === String(test.value).trim();
  const name = `the part of ${corpus.source} with ${test.field} = ${test.value}`;
  return {
    inside: read.filter((_, at) => isTest(at)),
    outside: read.filter((_, at) => !isTest(at)),
    name,
  };
}

/** Each text with the value of the field in the place of its label. The file was read before, so only the field can be wrong now. */
function readMarks(params: { bytes: Uint8Array; corpus: CorpusConfig; field: string }): LabelledText[] {
  const { bytes, corpus, field } = params;
  try {
    return corpusReader({ ...corpus, labelField: field })(bytes);
  } catch (error) {
    if (!(error instanceof DpsynthError) || error.type !== ErrorType.InvalidData) throw error;
    const line = /, line \d+/.exec(error.message)?.[0] ?? '';
    throw invalidData(
      `${corpus.source}${line}: corpus.test.field is "${field}", and every record needs this field with a string, a number, true or false.`,
    );
  }
}
