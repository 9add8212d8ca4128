import { expect, test } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { readCsv } from './read-csv.ts';

const trimmed = ({ text, label }: { text: string; label: string }) => ({
  text: text.trim(),
  label: label.trim(),
});
const read = (text: string) =>
  readCsv({ bytes: Buffer.from(text), name: 'c.csv', textField: 'text', labelField: 'label' });

test('quoted cells keep commas, quotes and line ends; a byte order mark is not part of the first column', () => {
  expect(read('\ufefftext,id,label\r\n"a, ""b""\nc",1,x\r\nplain,2,y\r\n')).toEqual([
    { text: 'a, "b"\nc', label: 'x' },
    { text: 'plain', label: 'y' },
  ]);
});

test('a missing column is named, but no cell of the first line, which may be a record', () => {
  expect(() => read('secret one,secret two\nsecret,x\n')).toThrow(
    expect.objectContaining({
      type: ErrorType.InvalidData,
      message:
        'c.csv: no column text among 2 columns; does the file have a header line? Add one, or set corpus.textField.',
    }),
  );
  expect(() => read('text;secret\nsecret;x\n')).toThrow('no column label among 2 columns');
});

test.each(['text,text,label', 'text,label,id,label', 'text;label;text'])(
  'a column to read that occurs twice is refused: %s',
  (header) => {
    expect(() => read(`${header}\n`)).toThrow(/^c\.csv: the column (text|label) occurs twice/);
  },
);

test('a column that is not read may occur twice', () => {
  expect(read('id,text,id,label\n1,a,2,x\n')).toEqual([{ text: 'a', label: 'x' }]);
});

test.each([',', ';', '\t'])(
  'columns may be separated by %j, and cells may contain the other delimiters',
  (delimiter) => {
    const row = (...cells: string[]) => cells.map((cell) => `"${cell}"`).join(delimiter);
    expect(read(`${row('text', 'label')}\n${row('a,b;c\td', 'x')}\n`)).toEqual([
      { text: 'a,b;c\td', label: 'x' },
    ]);
  },
);

test('commas win if the header has both columns with several delimiters', () => {
  expect(read('text,label,a;b\nx;y,z,1\n')).toEqual([{ text: 'x;y', label: 'z' }]);
});

test.each(['\n', '\r\n', '\r', '\r\r\n'])('rows may end in %j, and later rows in other line ends', (end) => {
  const rows = ['text,label', 'a,x', 'b,y'].join(end);
  const expected = [
    { text: 'a', label: 'x' },
    { text: 'b', label: 'y' },
  ];
  expect(read(rows).map(trimmed)).toEqual(expected);
  for (const other of ['\n', '\r\n', '\r', '\r\r\n'])
    expect(read(`${rows}${other}c,z${other}`).map(trimmed)).toEqual([...expected, { text: 'c', label: 'z' }]);
});

test('a line feed in a cell stays in the cell if the file has other line ends', () => {
  expect(read('text,label\r\na\nb,x\r\n')).toEqual([{ text: 'a\nb', label: 'x' }]);
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
