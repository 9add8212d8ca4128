import { expect, test } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { utf8Bytes } from './utf8-bytes.ts';

const read = (...parts: (string | Buffer)[]) =>
  utf8Bytes({
    bytes: Buffer.concat(parts.map((part) => Buffer.from(part as string))),
    name: 'a.csv',
  }).toString();

test('byte order marks are removed at the start and between joined files, and kept inside a line', () => {
  expect(read('\ufeffid,é\n\ufeffa\r\ufeff\ufeffb\ufeffc')).toBe('id,é\na\rb\ufeffc');
});

test.each([
  ['with a byte order mark', '\ufeff'],
  ['without one', ''],
])('UTF-16 %s is read in both byte orders', (_, mark) => {
  const little = Buffer.from(`${mark}text,é💧\n`, 'utf16le');
  expect(read(little)).toBe('text,é💧\n');
  expect(read(Buffer.from(little).swap16())).toBe('text,é💧\n');
});

test('UTF-16 longer than a piece is read completely', () => {
  const text = `text\n${'💧é'.repeat(2 ** 23)}`;
  expect(read(Buffer.from(text, 'utf16le')) === text).toBe(true);
});

test.each([
  ['line feeds', '\n'],
  ['carriage returns', '\r'],
  ['both', '\r\n'],
])('a damaged character is located by its line, with %s, and not quoted', (_, end) => {
  const damaged = ['first', `second 💧 li`].join(end);
  const error = caught(() => read(damaged, Buffer.from([0xff]), `ne secret${end}third`));
  expect(error).toMatchObject({
    type: ErrorType.InvalidData,
    message:
      'a.csv is not valid UTF-8: line 2. Convert it from its encoding, for example: ' +
      'iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW',
  });
});

test('UTF-16 cut inside a character, and UTF-32, are refused', () => {
  expect(() => read(Buffer.from('\ufefftext', 'utf16le').subarray(0, 9))).toThrow('not valid UTF-16');
  expect(() => read(Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]))).toThrow('not valid UTF-8: line 1.');
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
