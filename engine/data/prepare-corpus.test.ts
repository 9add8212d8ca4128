import { describe, expect, it } from 'vitest';
import { corpusSchema } from '../../schemas/settings/corpus.ts';
import { sha256 } from '../../storage/digest.ts';
import { prepareCorpus } from './prepare-corpus.ts';
import { formatRecords } from './records-file.ts';
import { unitSetDigest } from './unit-set.ts';

type Row = { text: string; label: string; fold?: string | number };

const csv = (rows: Row[]) =>
  Buffer.from(
    `text,label,fold\n${rows.map(({ text, label, fold = '' }) => `${text},${label},${fold}\n`).join('')}`,
  );
const jsonl = (rows: object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const range = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i) => ({ text: `Number ${from + i}`, label: i % 2 ? 'a' : 'b' }));
const textsOf = (records: { text: string }[]) => records.map(({ text }) => text).sort();

function prepare(params: {
  rows: Row[];
  own?: Row[];
  test?: unknown;
  file?: 'corpus.csv' | 'corpus.jsonl';
  units?: ReadonlySet<string>;
}) {
  const { rows, own, test, file = 'corpus.csv', units } = params;
  return prepareCorpus({
    bytes: file === 'corpus.csv' ? csv(rows) : jsonl(rows),
    testBytes: own && csv(own),
    corpus: corpusSchema.parse({ source: file, labels: ['a', 'b'], test }),
    seed: 3,
    units,
  });
}

it('splits exactly as before, to the byte, if no test set is named', () => {
  const rows = Array.from({ length: 200 }, (_, i) => `Number ${i} of ${i % 3},${['a', 'b', 'c'][i % 3]}\n`);
  const bytes = Buffer.from(`text,label\n${rows.join('')} number 7 OF 1 ,a\n,a\n`);
  const corpus = corpusSchema.parse({ source: 'corpus.csv', labels: ['a', 'b'], testFraction: 0.25 });
  const { train, test, unitSet, counts } = prepareCorpus({ bytes, corpus, seed: 3 });
  // Digests from the version before corpus.test.
  expect(sha256(formatRecords(train))).toBe(
    '2392453ee48875c63554730c67c1295e364b91f01493f96285977b440a963960',
  );
  expect(sha256(formatRecords(test))).toBe(
    '8c5277916b9e1a265548324d64a47229cb87662c844aeb451de849e965f30600',
  );
  expect(unitSet).toBe('0ed0b7ab63fb637abefa8910d226907b380723df0a575174b77c6729528cc014');
  expect(counts).toEqual({ read: 202, otherLabels: 66, empty: 1, duplicates: 1 });
});

describe('a test set from a separate source', () => {
  const test = 'public.csv';

  it('leaves all records of the corpus for training', () => {
    const prepared = prepare({ rows: range(0, 60), own: range(100, 120), test });
    expect(textsOf(prepared.train)).toEqual(textsOf(range(0, 60)));
    expect(textsOf(prepared.test)).toEqual(textsOf(range(100, 120)));
  });

  it('keeps its own record if a text is in both, whatever its label and spelling, and drops the training record', () => {
    const rows = [
      ...range(0, 60),
      { text: ' number  101 ', label: 'b' },
      { text: 'NUMBER 102', label: 'other' },
    ];
    const own = [...range(100, 120), { text: 'number 7', label: 'other' }];
    const prepared = prepare({ rows, own, test });
    expect(textsOf(prepared.test)).toEqual(textsOf(range(100, 120)));
    expect(textsOf(prepared.train)).toEqual(textsOf(range(0, 60).filter(({ text }) => text !== 'Number 7')));
    expect(prepared.counts).toMatchObject({ otherLabels: 1, inTestSet: 2 });
  });

  it('does not depend on the private records', () => {
    const of = (rows: Row[]) => prepare({ rows, own: range(100, 120), test }).test;
    expect(of([...range(0, 60), ...range(100, 118)])).toEqual(of(range(200, 270)));
  });

  it('does not affect the digest of the set of units, which names the ledger', () => {
    const rows = range(0, 60);
    const digest = unitSetDigest(rows.map(({ text }) => text));
    expect(prepare({ rows, own: range(100, 120), test }).unitSet).toBe(digest);
    expect(prepare({ rows, own: range(50, 130).slice(5), test: 'other.csv' }).unitSet).toBe(digest);
    expect(prepare({ rows: range(0, 100) }).unitSet).not.toBe(digest);
  });

  it('is complete even if a version of a release uses a part of the corpus', () => {
    const all = prepare({ rows: range(0, 120), own: range(200, 220), test });
    const units = new Set<string>();
    expect(() => prepare({ rows: range(0, 120), own: range(200, 220), test, units })).toThrow(
      'too few training records',
    );
    expect(textsOf(all.test)).toEqual(textsOf(range(200, 220)));
  });

  it('says which of the two cannot be used', () => {
    expect(() => prepare({ rows: range(0, 60), own: [], test })).toThrow('public.csv contains no records');
    expect(() => prepare({ rows: range(0, 60), own: range(0, 1), test })).toThrow(
      'The records of public.csv have fewer',
    );
    expect(() => prepare({ rows: range(0, 60), own: range(20, 90), test })).toThrow(
      'corpus.csv leaves too few training records after duplicates and the records of the test set: a DP corpus needs at least 50. Give more records, or another corpus.test.',
    );
    expect(() => prepare({ rows: range(0, 60), own: range(0, 9), test: 'public.txt' })).toThrow(
      'corpus.test public.txt: unknown kind of file',
    );
  });
});

describe('a test set of marked rows', () => {
  const marked = [...range(0, 60), ...range(100, 120).map((row) => ({ ...row, fold: 4 }))];
  const test = { field: 'fold', value: 4 };

  it.each(['corpus.csv', 'corpus.jsonl'] as const)('of %s leaves the others for training', (file) => {
    const rows = marked.map((row) => ({ ...row, fold: row.fold ?? 'none' }));
    const prepared = prepare({ rows, test, file });
    expect(textsOf(prepared.train)).toEqual(textsOf(range(0, 60)));
    expect(textsOf(prepared.test)).toEqual(textsOf(range(100, 120)));
    expect(prepare({ rows, test: { field: 'fold', value: '4' }, file })).toEqual(prepared);
  });

  it('keeps the marked row if a text is both marked and unmarked, whichever comes first', () => {
    const twice = { text: 'number 101', label: 'a' };
    for (const rows of [
      [twice, ...marked],
      [...marked, twice],
    ]) {
      const prepared = prepare({ rows, test });
      expect(textsOf(prepared.test)).toEqual(textsOf(range(100, 120)));
      expect(textsOf(prepared.train)).toEqual(textsOf(range(0, 60)));
    }
  });

  it('does not change the name of the ledger, so no setting opens another ledger for the same file', () => {
    const rows = [...marked, ...range(200, 220).map((row) => ({ ...row, fold: 5 }))];
    const { unitSet } = prepare({ rows, test });
    expect(prepare({ rows }).unitSet).toBe(unitSet);
    expect(prepare({ rows, test: { field: 'fold', value: 5 } }).unitSet).toBe(unitSet);
  });

  it('is refused if the field is missing, without quoting the records', () => {
    expect(() => prepare({ rows: marked, test: { field: 'split', value: 'x' } })).toThrow(
      'corpus.csv: corpus.test.field is "split", and every record needs this field',
    );
    expect(() => prepare({ rows: marked, test, file: 'corpus.jsonl' })).toThrow(
      'corpus.jsonl, line 1: corpus.test.field is "fold"',
    );
    expect(() => prepare({ rows: marked, test: { field: 'fold', value: 5 } })).toThrow(
      'the part of corpus.csv with fold = 5 contains no records',
    );
  });
});
