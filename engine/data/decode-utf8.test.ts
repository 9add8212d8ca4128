import { expect, test } from 'vitest';
import { decodeUtf8 } from './decode-utf8.ts';

test('the byte order mark is left out', () => {
  expect(decodeUtf8({ bytes: Buffer.from('\ufeffid,é'), name: 'f' })).toBe('id,é');
});

test('a damaged character is located by line and byte offset, and the text is not quoted', () => {
  const good = 'first line\nsecond 💧 li';
  const bytes = Buffer.concat([Buffer.from(good), Buffer.from([0xff]), Buffer.from('ne secret\nthird')]);
  expect(() => decodeUtf8({ bytes, name: 'a.csv' })).toThrow(
    `a.csv is not valid UTF-8: line 2, byte offset ${Buffer.byteLength(good)}.`,
  );
  expect(() => decodeUtf8({ bytes, name: 'a.csv' })).not.toThrow(/secret/);
});

test.each([0, 1, 2, 3, 4, 5, 9])('the offset is right after %i characters of several bytes', (n) => {
  const good = Buffer.from('é💧'.repeat(n));
  const bytes = Buffer.concat([good, Buffer.from([0xe2, 0x28, 0xa1]), Buffer.from('tail💧')]);
  expect(() => decodeUtf8({ bytes, name: 'f' })).toThrow(`byte offset ${good.length}.`);
});

test('a file cut inside its last character is refused', () => {
  expect(() => decodeUtf8({ bytes: Buffer.from('ab💧').subarray(0, 4), name: 'f' })).toThrow(
    'byte offset 2.',
  );
});
