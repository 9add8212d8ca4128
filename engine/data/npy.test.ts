import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readNpy, writeNpy } from './npy.ts';

/** The output of `numpy.save` for numpy.arange(6, dtype='<f8').reshape(2, 3) / 4. */
const FROM_NUMPY = Buffer.concat([
  Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
  Buffer.from("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117)),
  Buffer.from('\n'),
  Buffer.from(Float64Array.of(0, 0.25, 0.5, 0.75, 1, 1.25).buffer),
]);

test('reads the output of NumPy, at any offset in memory', () => {
  const shifted = Buffer.concat([Buffer.of(0), FROM_NUMPY]).subarray(1);
  expect(readNpy(shifted)).toEqual({ shape: [2, 3], values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) });
});

test.each([[[2, 3]], [[6]], [[1, 6, 1]], [[0, 384]], [[]]])('an array of shape %j is read back', (shape) => {
  const count = shape.reduce((product: number, size) => product * size, 1);
  const values = Float32Array.from({ length: count }, (_, i) => Math.fround(i / 7));
  const bytes = writeNpy({ shape, values });
  expect(readNpy(bytes)).toEqual({ shape, values });
  expect((bytes.length - 4 * count) % 64).toBe(0);
});

test('anything else is refused with the reason', () => {
  const replaced = (from: string, to: string) =>
    Buffer.from(FROM_NUMPY.toString('latin1').replace(from, to), 'latin1');
  expect(() => readNpy(Buffer.from('text'))).toThrow(/does not begin like one/);
  expect(() => readNpy(replaced("'<f8'", "'<i8'"))).toThrow(/'<i8'/);
  expect(() => readNpy(replaced('False', 'True '))).toThrow(/Fortran/);
  expect(() => readNpy(FROM_NUMPY.subarray(0, -1))).toThrow(/holds 47 bytes .* requires 48/);
  expect(() => readNpy(FROM_NUMPY.subarray(0, 40))).toThrow(/header is damaged/);
  expect(() => readNpy(readFileSync('package.json'))).toThrow(
    expect.objectContaining({ type: 'InvalidData' }),
  );
  expect(() => writeNpy({ shape: [2, 2], values: new Float32Array(3) })).toThrow(RangeError);
});
