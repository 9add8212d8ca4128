import { expect, test } from 'vitest';
import { selectRecords } from './select-records.ts';

const select = (records: { text: string; label: string }[]) =>
  selectRecords({ records, labels: ['a', 'b'], name: 'corpus' });

test('normalises, then drops and counts other labels, empty texts and duplicates', () => {
  const { records, counts } = select([
    { text: '  One\n\ttext ', label: ' a' },
    { text: 'one TEXT', label: 'b' },
    { text: 'cafe\u0301', label: 'b' },
    { text: 'caf\u00e9', label: 'a' },
    { text: ' \u00a0', label: 'a' },
    { text: 'other', label: 'c' },
  ]);
  expect(records).toEqual([
    { text: 'One text', label: 'a' },
    { text: 'café', label: 'b' },
  ]);
  expect(counts).toEqual({ read: 6, otherLabels: 1, empty: 1, duplicates: 2 });
});

test.each([
  ['no records', [], 'contains no records'],
  ['no declared label', [{ text: 't', label: 'secret' }], 'has one of the labels of corpus.labels: a, b.'],
  ['one label only', [{ text: 't', label: 'b' }], 'fewer than two of the labels'],
  [
    'empty texts only',
    [
      { text: ' ', label: 'a' },
      { text: '', label: 'b' },
    ],
    'All texts of corpus are empty',
  ],
])('%s is refused', (_, records, message) => {
  expect(() => select(records)).toThrow(message);
  expect(() => select(records)).not.toThrow(/secret/);
});
