import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { formatParquet } from './write-parquet.ts';

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;

it('another reader returns the same records, whatever they contain', async () => {
  const records = [
    { text: 'Are you free tonight?', label: 'ham' },
    { text: '', label: 'spam' },
    { text: 'line\nbreak, "quote", comma, \u0000', label: 'ham' },
    { text: 'مرحبا 😀 日本語', label: 'ham' },
  ];
  expect(await parquetReadObjects({ file: bufferOf(formatParquet(records)) })).toEqual(records);
});

it('keeps the order over several row groups, with no nullable column', async () => {
  const records = Array.from({ length: 2500 }, (_, i) => ({ text: `text ${i}`, label: i % 3 ? 'a' : 'b' }));
  const file = bufferOf(formatParquet(records));
  expect(await parquetReadObjects({ file })).toEqual(records);
  const { num_rows, row_groups, schema } = parquetMetadata(file);
  expect(Number(num_rows)).toBe(2500);
  expect(row_groups.length).toBeGreaterThan(1);
  expect(schema.slice(1).map(({ name, repetition_type }) => [name, repetition_type])).toEqual([
    ['text', 'REQUIRED'],
    ['label', 'REQUIRED'],
  ]);
});

it('writes an empty corpus as a file with its columns', async () => {
  const file = bufferOf(formatParquet([]));
  expect(await parquetReadObjects({ file })).toEqual([]);
  expect(parquetMetadata(file).schema.map(({ name }) => name)).toEqual(['root', 'text', 'label']);
});

it('writes the probabilities of a selected corpus as a list column', async () => {
  const records = [
    { text: 'x', label: 'a', label_probabilities: [0.75, 0.25] },
    { text: 'y', label: 'b', label_probabilities: [0.1, 0.9] },
  ];
  const file = bufferOf(formatParquet(records));
  expect(await parquetReadObjects({ file })).toEqual(records);
});
