import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSafetensors } from './safetensors.ts';
import { encodeSafetensors, safetensorsChunks, type TensorToWrite } from './safetensors-writer.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-safetensors-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const matrix = Float32Array.of(1.5, -2, 3e-8, 0, 5, 6);
// A view into a larger buffer, of which only its own part may be written.
const vector = Float32Array.of(9, 7, 8, 9).subarray(1, 3);
const tensors = [
  { name: 'a.weight', shape: [2, 3], values: matrix },
  { name: 'b', shape: [2], values: vector },
];

test('a written file is read back number by number, and its data begin at a multiple of eight', async () => {
  const path = join(folder, 'model.safetensors');
  const bytes = encodeSafetensors({ tensors, metadata: { format: 'pt' } });
  await writeFile(path, bytes);
  const { names, read } = await openSafetensors(path);
  expect(names).toEqual(['a.weight', 'b']);
  expect(await read('a.weight')).toEqual({ shape: [2, 3], values: matrix });
  expect(await read('b')).toEqual({ shape: [2], values: Float32Array.of(7, 8) });
  expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0);
});

test('the pieces make up the whole file, and each tensor is computed only when it is written', async () => {
  const asked: string[] = [];
  const lazy: TensorToWrite[] = tensors.map((tensor) => ({
    ...tensor,
    values: async () => {
      asked.push(tensor.name);
      return tensor.values;
    },
  }));
  const chunks: Uint8Array[] = [];
  const before: number[] = [];
  for await (const chunk of safetensorsChunks({ tensors: lazy })) {
    before.push(asked.length);
    chunks.push(chunk);
  }
  expect(before).toEqual([0, 1, 2]);
  expect(Buffer.concat(chunks)).toEqual(encodeSafetensors({ tensors }));
});

test('values that do not fill their shape are refused by name', () => {
  const wrong = [{ name: 'short', shape: [2, 2], values: vector }];
  expect(() => encodeSafetensors({ tensors: wrong })).toThrow('short has 2 values, its shape is [2,2]');
});
