import { expect, test } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { readCsv } from './read-csv.ts';

const read = (text: string) =>
  readCsv({ bytes: Buffer.from(text), name: 'c.csv', textField: 'text', labelField: 'label' });

test('quoted cells keep commas, quotes and line ends; a byte order mark is no part of the first column', () => {
  expect(read('\ufefftext,id,label\r\n"a, ""b""\nc",1,x\r\nplain,2,y\r\n')).toEqual([
    { text: 'a, "b"\nc', label: 'x' },
    { text: 'plain', label: 'y' },
  ]);
});

test('a missing column is named together with those that exist', () => {
  expect(() => read('body,label\nsecret,x\n')).toThrow(
    expect.objectContaining({
      type: ErrorType.InvalidData,
      message: 'c.csv has no column "text" for the text; it has: body, label. Set corpus.textField.',
    }),
  );
  expect(() => read('text,topic\nsecret,x\n')).toThrow(
    'no column "label" for the label; it has: text, topic.',
  );
});

test.each([
  ['a row of another width', 'text,label\nfine,x\nsecret,y,z\n', 3],
  ['a quote inside a cell', 'text,label\nse"cret,x\n', 2],
  ['a quote that never closes', 'text,label\n"secret,x\n', 2],
])('%s is located by its line and not quoted', (_, text, line) => {
  expect(() => read(text)).toThrow(`c.csv, line ${line}: not valid CSV`);
  expect(() => read(text)).not.toThrow(/cret/);
});

test('an empty file is refused', () => {
  expect(() => read('')).toThrow('c.csv is empty');
});
