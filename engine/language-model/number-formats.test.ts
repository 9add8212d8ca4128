import { GGMLQuantizationType } from '@huggingface/gguf';
import { expect, test } from 'vitest';
import reference from '../../test/reference/gguf-number-formats.json' with { type: 'json' };
import {
  blockValues,
  decodeNumbers as decodeInto,
  NUMBER_FORMATS,
  type NumberFormat,
  storedBytes,
} from './number-formats.ts';

/** Decodes the numbers into a new array. */
function decodeNumbers(params: { format: NumberFormat; bytes: Uint8Array; values: number }): Float32Array {
  const out = new Float32Array(params.values);
  decodeInto({ ...params, out });
  return out;
}

const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

test('F16: signs, the smallest and largest numbers, infinity and NaN', () => {
  const bytes = words(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00);
  const decoded = [...decodeNumbers({ format: 'F16', bytes, values: 6 })];
  expect(decoded).toEqual([1, -2, 2 ** -24, 65_504, Number.POSITIVE_INFINITY, Number.NaN]);
});

test('BF16 is the upper half of a float32', () => {
  const bytes = words(0x3f80, 0xc0a0, 0x0000);
  expect([...decodeNumbers({ format: 'BF16', bytes, values: 3 })]).toEqual([1, -5, 0]);
});

test('Q8_0: 32 signed bytes times their scale', () => {
  const quants = Array.from({ length: 32 }, (_, i) => i - 16);
  const bytes = Uint8Array.from([...words(0x3800), ...new Uint8Array(Int8Array.from(quants).buffer)]);
  expect(bytes).toHaveLength(storedBytes('Q8_0', 32));
  expect([...decodeNumbers({ format: 'Q8_0', bytes, values: 32 })]).toEqual(quants.map((q) => q / 2));
});

test('Q4_1: low nibbles first, scale and minimum', () => {
  // Byte i holds i below and 15 - i above; scale 2, minimum -1.
  const pairs = Array.from({ length: 16 }, (_, i) => i | ((15 - i) << 4));
  const bytes = Uint8Array.from([...words(0x4000, 0xbc00), ...pairs]);
  expect(bytes).toHaveLength(storedBytes('Q4_1', 32));
  const expected = Array.from({ length: 32 }, (_, i) => 2 * (i < 16 ? i : 31 - i) - 1);
  expect([...decodeNumbers({ format: 'Q4_1', bytes, values: 32 })]).toEqual(expected);
});

const fixtures = Object.entries(reference.formats) as [NumberFormat, (typeof reference.formats)['F16']][];

test.each(fixtures)(
  '%s decodes random blocks bit for bit like the Python implementation',
  (format, fixture) => {
    const bytes = new Uint8Array(Buffer.from(fixture.bytes, 'base64'));
    expect(bytes).toHaveLength(storedBytes(format, fixture.values));
    const decoded = decodeNumbers({ format, bytes, values: fixture.values });
    expect(Buffer.from(decoded.buffer).toString('base64')).toBe(fixture.expected);
  },
);

test('every format except F32, which is the identity, has such a fixture', () => {
  expect(['F32', ...fixtures.map(([format]) => format)].sort()).toEqual([...NUMBER_FORMATS].sort());
});

test.each(NUMBER_FORMATS)('%s: each block is decoded independently of the blocks before it', (format) => {
  const values = blockValues(format);
  const size = storedBytes(format, values);
  // Bytes below 0x78 keep half-precision scales finite.
  const bytes = Uint8Array.from({ length: 3 * size }, (_, i) => (i * 37 + 11) % 0x78);
  const together = decodeNumbers({ format, bytes, values: 3 * values });
  const apart = [0, 1, 2].flatMap((block) => {
    const own = bytes.slice(block * size, (block + 1) * size);
    return [...decodeNumbers({ format, bytes: own, values })];
  });
  expect([...together]).toEqual(apart);
});

/** Offsets of the half-precision scale and minimum in a block of each format. */
const PLACES = {
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
};

test.each(Object.entries(PLACES))(
  '%s: doubling the scales of a block doubles its numbers',
  (name, places) => {
    const format = name as keyof typeof PLACES;
    const values = blockValues(format);
    const bytes = Uint8Array.from({ length: storedBytes(format, values) }, (_, i) => (i * 101 + 7) & 0xff);
    const scaled = (half: number) => {
      const copy = bytes.slice();
      for (const at of places) copy.set(words(half), at);
      return [...decodeNumbers({ format, bytes: copy, values })];
    };
    const once = scaled(0x3c00);
    expect(new Set(once).size).toBeGreaterThan(8);
    expect(scaled(0x4000)).toEqual(once.map((value) => 2 * value));
  },
);

test('GGUF uses the same name for each format', () => {
  for (const format of NUMBER_FORMATS) expect(GGMLQuantizationType[format], format).toBeTypeOf('number');
});
