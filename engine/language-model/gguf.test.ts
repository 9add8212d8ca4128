import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GGMLQuantizationType } from '@huggingface/gguf';
import { afterEach, beforeEach, expect, test } from 'vitest';
import reference from '../../test/reference/gguf-number-formats.json' with { type: 'json' };
import { writeGguf } from './families/write-gguf.fixture.ts';
import { openGguf } from './gguf.ts';
import type { NumberFormat } from './number-formats.ts';

const METADATA = {
  'general.architecture': 'llama',
  'llama.embedding_length': 2,
  'llama.feed_forward_length': 2,
  'llama.block_count': 1,
  'llama.attention.head_count': 1,
  'llama.attention.layer_norm_rms_epsilon': 1e-5,
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'gpt-2',
  'tokenizer.ggml.tokens': ['a', 'b', 'ab'],
  'tokenizer.ggml.token_type': [1, 1, 1],
  'tokenizer.ggml.merges': ['a b'],
};
const EMBEDDING = { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) };

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-gguf-formats-'));
  path = join(folder, 'model.gguf');
});

afterEach(() => rm(folder, { recursive: true }));

test('tensors of every number format are found and decoded in one file', async () => {
  const fixtures = Object.entries(reference.formats);
  const tensors = fixtures.map(([name, { values, bytes }]) => {
    const format = GGMLQuantizationType[name as NumberFormat];
    return [name, { shape: [values], values: Buffer.from(bytes, 'base64'), format }] as const;
  });
  await writeGguf(path, METADATA, { 'token_embd.weight': EMBEDDING, ...Object.fromEntries(tensors) });
  const source = await openGguf(path);
  expect(await source.read('token_embd.weight')).toEqual(EMBEDDING);
  for (const [name, { values, expected }] of fixtures) {
    const read = await source.read(name);
    expect(read.shape).toEqual([values]);
    expect(Buffer.from(read.values.buffer).toString('base64'), name).toBe(expected);
  }
});

test('an unsupported format is refused with its name and the supported ones', async () => {
  const iq4 = { shape: [32], values: new Uint8Array(18), format: GGMLQuantizationType.IQ4_NL };
  await writeGguf(path, METADATA, { 'token_embd.weight': EMBEDDING, 'output.weight': iq4 });
  const source = await openGguf(path);
  await expect(source.read('output.weight')).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringMatching(/output\.weight is stored as IQ4_NL; F32, F16.*Q6_K are read/),
  });
});
