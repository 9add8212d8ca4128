import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tf } from '../tensor/tensorflow.ts';
import { batchShape, padBatch, runBlocks } from './forward.ts';
import { type Llama, loadLlama } from './llama.ts';
import { openCheckpoint } from './load-model.ts';
import { TINY_CONFIG, tinyCheckpoint } from './tiny-checkpoint.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-hf-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const NAMES = [
  'model.embed_tokens.weight',
  'model.norm.weight',
  ...Array.from({ length: TINY_CONFIG.blocks }, (_, block) =>
    [
      ...['input_layernorm', 'post_attention_layernorm'],
      ...['q', 'k', 'v', 'o'].map((matrix) => `self_attn.${matrix}_proj`),
      ...['gate', 'up', 'down'].map((matrix) => `mlp.${matrix}_proj`),
    ].map((part) => `model.layers.${block}.${part}.weight`),
  ).flat(),
];

/** Half-precision bits of a number that is well inside the normal range, truncated. */
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

async function writeFolder(dtype: keyof typeof ENCODERS): Promise<void> {
  const source = tinyCheckpoint();
  const header: Record<string, object> = {};
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const name of NAMES) {
    const { shape, values } = await source.read(name);
    const body = ENCODERS[dtype](values);
    header[name] = { dtype, shape, data_offsets: [offset, offset + body.length] };
    bodies.push(body);
    offset += body.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, json, ...bodies]));
  const config = {
    model_type: 'llama',
    vocab_size: 40,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    rope_theta: 10_000,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
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

function hiddenStates(model: Llama): Float32Array {
  return tf.tidy(() => {
    const batch = padBatch([[1, 2, 3, 4, 5]]);
    const shape = batchShape(model.config, batch);
    const { hidden } = runBlocks({ model, batch, shape, lora: null, tapeFrom: 3 });
    return hidden.dataSync() as Float32Array;
  });
}

test.each([
  ['F32', 1e-6],
  ['F16', 5e-3],
  ['BF16', 3e-2],
] as const)('a folder with %s weights computes what its weights say', async (dtype, tolerance) => {
  await writeFolder(dtype);
  const source = await openCheckpoint(folder);
  const expected = hiddenStates(await loadLlama(tinyCheckpoint()));
  const actual = hiddenStates(await loadLlama(source));
  const distance = Math.hypot(...actual.map((value, i) => value - expected[i])) / Math.hypot(...expected);
  expect(distance).toBeLessThan(tolerance);
  expect(source.tokenizer.encode('abb')).toEqual([2, 1]);
});

test('a record that spells a special token gets no special token', async () => {
  await writeFolder('F32');
  const { tokenizer } = await openCheckpoint(folder);
  expect(tokenizer.encodeTemplate('a<|im_end|>')).toEqual([0, 3]);
  expect(tokenizer.encode('a<|im_end|>')).not.toContain(3);
});

test('a damaged weights file and a missing config are refused with what to do', async () => {
  await writeFolder('F32');
  await writeFile(join(folder, 'model.safetensors'), 'not weights at all');
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
  await rm(join(folder, 'config.json'));
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ type: 'AssetUnavailable' });
});
