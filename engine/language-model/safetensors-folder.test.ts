import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSafetensorsFolder } from './safetensors-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-folder-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function writeShard(file: string, tensors: Record<string, number[]>): Promise<void> {
  const header: Record<string, object> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, values] of Object.entries(tensors)) {
    header[name] = {
      dtype: 'F32',
      shape: [values.length],
      data_offsets: [offset, offset + 4 * values.length],
    };
    offset += 4 * values.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const bodies = Object.values(tensors).map((values) => Buffer.from(Float32Array.from(values).buffer));
  await writeFile(join(folder, file), Buffer.concat([length, json, ...bodies]));
}

const FIRST = 'model-00001-of-00002.safetensors';
const SECOND = 'model-00002-of-00002.safetensors';

async function writeSharded(weightMap: object = { a: FIRST, b: FIRST, c: SECOND }): Promise<void> {
  await writeShard(FIRST, { a: [1, 2], b: [3] });
  await writeShard(SECOND, { c: [4, 5, 6] });
  const index = { metadata: { total_size: 24 }, weight_map: weightMap };
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
}

test('tensors come from the shard named in the index', async () => {
  await writeSharded();
  const weights = await openSafetensorsFolder(folder);
  expect(weights.names).toEqual(['a', 'b', 'c']);
  expect([...(await weights.read('b')).values]).toEqual([3]);
  expect([...(await weights.read('c')).values]).toEqual([4, 5, 6]);
  expect([...(await weights.read('a')).values]).toEqual([1, 2]);
});

test('model.safetensors takes precedence over an index', async () => {
  await writeSharded();
  await writeShard('model.safetensors', { a: [7] });
  expect([...(await (await openSafetensorsFolder(folder)).read('a')).values]).toEqual([7]);
});

test('a missing shard is named at once, before any tensor is read', async () => {
  await writeSharded();
  await rm(join(folder, SECOND));
  await expect(openSafetensorsFolder(folder)).rejects.toMatchObject({
    type: 'AssetUnavailable',
    message: expect.stringContaining(SECOND),
  });
});

test('a folder with neither is AssetUnavailable', async () => {
  await expect(openSafetensorsFolder(folder)).rejects.toMatchObject({ type: 'AssetUnavailable' });
});

test('a truncated shard, a tensor in no shard, and a damaged index are ArtifactCorrupt', async () => {
  await writeSharded({ a: FIRST, b: FIRST, c: SECOND, d: SECOND });
  await truncate(join(folder, SECOND), 100);
  const weights = await openSafetensorsFolder(folder);
  expect([...(await weights.read('a')).values]).toEqual([1, 2]);
  await expect(weights.read('c')).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await expect(weights.read('e')).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await writeSharded({ a: '../elsewhere.safetensors' });
  await expect(openSafetensorsFolder(folder)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
});
