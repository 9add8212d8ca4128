import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tf } from '../tensor/tensorflow.ts';
import { familyFixture, fixtureSource } from './families/family.fixture.ts';
import { padBatch, runBlocks } from './forward.ts';
import type { LanguageModel } from './language-model.ts';
import { loadLanguageModel } from './load-language-model.ts';
import { openCheckpoint } from './load-model.ts';
import type { FamilyName } from './model-config.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-hf-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Returns the truncated half-precision bits of a number well inside the normal range. */
function halfBits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  const exponent = ((bits >>> 23) & 0xff) - 112;
  return ((bits >>> 16) & 0x8000) | (exponent <= 0 ? 0 : (exponent << 10) | ((bits >>> 13) & 0x3ff));
}

const ENCODERS = {
  F32: (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  F16: (values: Float32Array) => Buffer.from(Uint16Array.from(values, halfBits).buffer),
  BF16: (values: Float32Array) =>
    Buffer.from(
      Uint16Array.from(values, (value) => new Uint32Array(Float32Array.of(value).buffer)[0] >>> 16).buffer,
    ),
};

type Folder = {
  family?: FamilyName;
  dtype?: keyof typeof ENCODERS;
  /** Returns the name of a tensor in the weights file. */
  rename?: (name: string) => string;
  /** Returns the content of config.json. */
  describe?: (config: object) => object;
};

async function writeFolder({
  family = 'llama',
  dtype = 'F32',
  rename = (name) => name,
  describe = (config) => config,
}: Folder = {}): Promise<void> {
  const fixture = familyFixture(family);
  const source = fixtureSource(fixture);
  const header: Record<string, object> = {};
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const name of Object.keys(fixture.tensors)) {
    const { shape, values } = await source.read(name);
    const body = ENCODERS[dtype](values);
    header[rename(name)] = { dtype, shape, data_offsets: [offset, offset + body.length] };
    bodies.push(body);
    offset += body.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, json, ...bodies]));
  await writeFile(join(folder, 'config.json'), JSON.stringify(describe(fixture.config)));
  const vocab = Object.fromEntries(['a', 'b', 'ab', '<|im_end|>'].map((token, id) => [token, id]));
  const tokenizer = {
    added_tokens: [{ id: 3, content: '<|im_end|>', special: true }],
    normalizer: null,
    post_processor: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges: [['a', 'b']] },
  };
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'tokenizer_config.json'), '{}');
}

function hiddenStates(model: LanguageModel): Float32Array {
  const hidden = tf.tidy(() => runBlocks(model, padBatch([[1, 2, 3, 4, 5]])));
  return hidden.dataSync() as Float32Array;
}

/** Returns how far the model of the folder is from the written one, relative to its hidden states. */
async function distanceFrom(family: FamilyName): Promise<number> {
  const expected = hiddenStates(await loadLanguageModel(fixtureSource(familyFixture(family))));
  const actual = hiddenStates(await loadLanguageModel(await openCheckpoint(folder)));
  return Math.hypot(...actual.map((value, i) => value - expected[i])) / Math.hypot(...expected);
}

test.each([
  ['F32', 1e-6],
  ['F16', 5e-3],
  ['BF16', 3e-2],
] as const)('a folder with %s weights computes the expected hidden states', async (dtype, tolerance) => {
  await writeFolder({ dtype });
  expect(await distanceFrom('llama')).toBeLessThan(tolerance);
  const { tokenizer } = await openCheckpoint(folder);
  expect(tokenizer.encode('abb')).toEqual([2, 1]);
});

test('GPT-2 as on the hub, saved without its output layer and the first part of each name', async () => {
  await writeFolder({ family: 'gpt2', rename: (name) => name.replace('transformer.', '') });
  expect(await distanceFrom('gpt2')).toBeLessThan(1e-6);
});

test.each([
  (name: string) => `language_model.${name}`,
  (name: string) => name.replace('model.', 'model.language_model.'),
])('the language model of a Gemma 3 that also reads images, %#', async (rename) => {
  const describe = (config: object) => ({ model_type: 'gemma3', text_config: config, vision_config: {} });
  await writeFolder({ family: 'gemma3', rename, describe });
  expect(await distanceFrom('gemma3')).toBeLessThan(1e-6);
});

test('a record with the text of a special token gets no special token', async () => {
  await writeFolder();
  const { tokenizer } = await openCheckpoint(folder);
  expect(tokenizer.encodeTemplate('a<|im_end|>')).toEqual([0, 3]);
  expect(tokenizer.encode('a<|im_end|>')).not.toContain(3);
});

test('a damaged weights file and a missing config are refused with instructions', async () => {
  await writeFolder();
  await writeFile(join(folder, 'model.safetensors'), 'not weights at all');
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await rm(join(folder, 'config.json'));
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ type: 'AssetUnavailable' });
});
