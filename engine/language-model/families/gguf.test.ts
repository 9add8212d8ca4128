import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredTensor } from '../checkpoint-source.ts';
import { openGguf } from '../gguf.ts';
import { loadLanguageModel } from '../load-language-model.ts';
import { FAMILIES, type ModelConfig, type RotaryConfig } from '../model-config.ts';
import { rotaryFrequencies } from '../rotary.ts';
import { type FamilyFixture, familyFixture, fixtureSource, formulaTensor } from './family.fixture.ts';
import { type GgufValue, writeGguf } from './write-gguf.fixture.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-gguf-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Returns the metadata written by llama.cpp's converter, as far as the engine reads them. */
function metadataOf(config: ModelConfig): Record<string, GgufValue> {
  const { rotary, window } = config.attention[0];
  const last = config.attention.at(-1)!.rotary;
  const epsilon = config.norm === 'rms' ? 'layer_norm_rms_epsilon' : 'layer_norm_epsilon';
  const own: Record<string, GgufValue> = {
    embedding_length: config.width,
    feed_forward_length: config.hidden,
    block_count: config.blocks,
    'attention.head_count': config.heads,
    [`attention.${epsilon}`]: config.normEpsilon,
  };
  if (config.keyValueHeads !== config.heads) own['attention.head_count_kv'] = config.keyValueHeads;
  if (config.headWidth * config.heads !== config.width) own['attention.key_length'] = config.headWidth;
  if (config.learnedPositions !== null) own.context_length = config.learnedPositions;
  if (last !== null) own['rope.freq_base'] = last.base;
  if (last?.scaling?.kind === 'linear') {
    own['rope.scaling.type'] = 'linear';
    own['rope.scaling.factor'] = last.scaling.factor;
  }
  if (window !== null) {
    own['attention.sliding_window'] = window;
    own['attention.sliding_window_pattern'] = config.blocks;
    own['rope.freq_base_swa'] = rotary!.base;
  }
  return {
    'general.architecture': config.family,
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${config.family}.${key}`, value])),
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': ['a', 'b', 'ab'],
    'tokenizer.ggml.token_type': [1, 1, 1],
    'tokenizer.ggml.merges': ['a b'],
  };
}

/** Returns the tensors as stored by llama.cpp's converter. */
function tensorsOf(fixture: FamilyFixture, config: ModelConfig): Record<string, StoredTensor> {
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, { shape, gguf }] of Object.entries(fixture.tensors)) {
    let stored = formulaTensor(fixture, name, shape);
    if (config.family === 'gemma3' && name.endsWith('norm.weight'))
      stored = { shape, values: stored.values.map((value) => value + 1) };
    if (config.family === 'gpt2' && /c_(attn|proj|fc)\.weight$/.test(name)) stored = transposed(stored);
    if (config.family === 'llama' && /[qk]_proj/.test(name)) stored = interleaved(stored, config.headWidth);
    tensors[gguf] = stored;
  }
  const { rotary } = config.attention[0];
  if (rotary?.scaling?.kind === 'llama3') {
    const stretched = rotaryFrequencies(rotary, config.headWidth);
    const plain = rotaryFrequencies({ ...rotary, scaling: null }, config.headWidth);
    const values = Float32Array.from(plain, (frequency, i) => frequency / stretched[i]);
    tensors['rope_freqs.weight'] = { shape: [values.length], values };
  }
  return tensors;
}

function transposed({ shape: [rows, columns], values }: StoredTensor): StoredTensor {
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
  return { shape: [columns, rows], values: turned };
}

/** Moves row r of the first half of each head to 2r, and row r of the second half to 2r + 1. */
function interleaved({ shape, values }: StoredTensor, headWidth: number): StoredTensor {
  const columns = values.length / shape[0];
  const half = headWidth / 2;
  const sourceOf = (row: number) => {
    const within = row % headWidth;
    return row - within + (within % 2) * half + Math.floor(within / 2);
  };
  const moved = values.map((_, i) => values[sourceOf(Math.floor(i / columns)) * columns + (i % columns)]);
  return { shape, values: moved };
}

/** Returns the config with rotary embeddings as resulting frequencies, and without fields that GGUF lacks. */
function comparable(config: ModelConfig): object {
  const { attentionScale: _, attention, ...others } = config;
  const frequencies = (rotary: RotaryConfig) =>
    rotaryFrequencies(rotary, config.headWidth).map((frequency) => Number(frequency.toPrecision(6)));
  return {
    ...others,
    normEpsilon: Number(config.normEpsilon.toPrecision(6)),
    attention: attention.map(({ rotary, window }) => ({ window, rotary: rotary && frequencies(rotary) })),
  };
}

test.each(FAMILIES)(
  'a GGUF file of a tiny %s contains the same model as the Hugging Face folder',
  async (family) => {
    const fixture = familyFixture(family);
    const source = fixtureSource(fixture);
    const path = join(folder, 'model.gguf');
    await writeGguf(path, metadataOf(source.config), tensorsOf(fixture, source.config));
    const opened = await openGguf(path);
    expect(comparable(opened.config)).toEqual(comparable(source.config));
    const expected = await loadLanguageModel(source);
    const actual = await loadLanguageModel(opened);
    expect([...actual.weights.keys()]).toEqual([...expected.weights.keys()]);
    for (const [name, weight] of expected.weights) {
      const difference = actual.weights.get(name)!.sub(weight).abs().max().dataSync()[0];
      expect(difference, name).toBeLessThan(1e-6);
    }
  },
);

test.each([
  ['llama', { 'general.architecture': 'mamba' }, /mamba.*gemma3/],
  ['llama', { 'llama.expert_count': 8 }, /mixture of experts/],
  ['qwen2', { 'qwen2.rope.scaling.type': 'yarn' }, /yarn/],
] as const)(
  'a GGUF file with an unsupported feature is refused: %s with %o',
  async (family, added, message) => {
    const fixture = familyFixture(family);
    const { config } = fixtureSource(fixture);
    const path = join(folder, 'model.gguf');
    await writeGguf(path, { ...metadataOf(config), ...added }, tensorsOf(fixture, config));
    await expect(openGguf(path)).rejects.toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringMatching(message),
    });
  },
);

test('the files for the hub contain the maximum text length and the stop tokens', async () => {
  const fixture = familyFixture('qwen2');
  const { config } = fixtureSource(fixture);
  const path = join(folder, 'model.gguf');
  const facts = {
    'qwen2.context_length': 321,
    'tokenizer.ggml.bos_token_id': 0,
    'tokenizer.ggml.eos_token_id': 1,
  };
  await writeGguf(path, { ...metadataOf(config), ...facts }, tensorsOf(fixture, config));
  const files = await (await openGguf(path)).hubFiles();
  const stops = { bos_token_id: 0, eos_token_id: 1 };
  expect(JSON.parse(files['config.json'])).toMatchObject({ max_position_embeddings: 321, ...stops });
  expect(JSON.parse(files['generation_config.json'])).toEqual(stops);

  const { 'tokenizer.ggml.eos_token_id': _, ...without } = { ...metadataOf(config), ...facts };
  await writeGguf(path, without, tensorsOf(fixture, config));
  const plain = await (await openGguf(path)).hubFiles();
  expect(JSON.parse(plain['config.json'])).not.toHaveProperty('eos_token_id');
});
