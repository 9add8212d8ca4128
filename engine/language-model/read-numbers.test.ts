import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readNumbers } from './read-numbers.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-numbers-'));
  path = join(folder, 'weights');
});

afterEach(() => rm(folder, { recursive: true }));

test('a tensor of more than one piece is read completely, from its offset', async () => {
  // BF16 is exact for integers up to 256; 4,200,000 numbers are two pieces.
  const values = 4_200_000;
  const integers = new Uint32Array(Float32Array.from({ length: 256 }, (_, i) => i).buffer);
  const words = new Uint16Array(values);
  for (let i = 0; i < values; i++) words[i] = integers[i % 256] >>> 16;
  await writeFile(path, Buffer.concat([Buffer.from('head'), Buffer.from(words.buffer)]));
  const read = await readNumbers({ path, position: 4, format: 'BF16', values });
  expect(read).toHaveLength(values);
  expect(read.findIndex((value, i) => value !== i % 256)).toBe(-1);
});

test('a file that ends inside a tensor, and incomplete blocks, are ArtifactCorrupt', async () => {
  await writeFile(path, Buffer.alloc(2 * 34));
  await expect(readNumbers({ path, position: 0, format: 'Q8_0', values: 64 })).resolves.toHaveLength(64);
  await truncate(path, 67);
  const wrong = { type: 'ArtifactCorrupt' };
  await expect(readNumbers({ path, position: 0, format: 'Q8_0', values: 64 })).rejects.toMatchObject(wrong);
  await expect(readNumbers({ path, position: 0, format: 'Q8_0', values: 33 })).rejects.toMatchObject(wrong);
});
