import { DpsynthError, ErrorType, invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig, MarkedRows } from '../../schemas/settings/corpus.ts';
import { corpusReader } from './corpus-reader.ts';
import { normaliseText } from './normalise-text.ts';
import { type SelectionCounts, selectRecords } from './select-records.ts';
import { unitDigest } from './unit-digest.ts';

/** The records of a corpus before its split. Private, except `test` if the test set is public. */
export type SeparatedRecords = {
  /** All records of the corpus file as read, with any label. */
  read: LabelledText[];
  /** Possible training records: with a declared label, without duplicates and without texts of `test`. */
  records: LabelledText[];
  /** The records of `corpus.test`; null without it, when a part of `records` becomes the test set. */
  test: LabelledText[] | null;
  counts: SelectionCounts & { inTestSet?: number };
};

/**
 * Reads a corpus, and the test set if it is separate; `testBytes` is the content of `corpus.test` if that
 * names a source. Records whose text occurs in the test set, with any label, are not used for training.
 * Private records never change the test set: a public test set must reveal nothing about them.
 * @throws InvalidData for an unusable corpus or test set
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

/**
 * Splits the rows of the corpus file into those marked by a field as the test set and the others. Both
 * readings of the file give the rows in file order.
 */
function markedRows(params: {
  bytes: Uint8Array;
  corpus: CorpusConfig;
  read: LabelledText[];
  test: MarkedRows;
}): { inside: LabelledText[]; outside: LabelledText[]; name: string } {
  const { bytes, corpus, read, test } = params;
  const marks = readMarks({ bytes, corpus, field: test.field });
  if (marks.length !== read.length || marks.some((mark, at) => mark.text !== read[at].text))
    throw new Error('two readings of one corpus gave different rows');
  const isTest = (at: number) => marks[at].label.trim() === String(test.value).trim();
  const name = `the part of ${corpus.source} with ${test.field} = ${test.value}`;
  return {
    inside: read.filter((_, at) => isTest(at)),
    outside: read.filter((_, at) => !isTest(at)),
    name,
  };
}

/**
 * Returns each text with the value of the field instead of its label. The file was read before, so only the
 * field can be wrong.
 */
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
