import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { llama } from '../../engine/language-model/families/llama.ts';
import { loadLanguageModel } from '../../engine/language-model/load-language-model.ts';
import { encodeSafetensors } from '../../engine/language-model/safetensors-writer.ts';
import { TINY_CONFIG, tinyCheckpoint } from '../../engine/language-model/tiny-checkpoint.fixture.ts';
import { weightSpecs } from '../../engine/language-model/weights.ts';
import { ErrorType } from '../../schemas/errors.ts';
import { fetchAsset } from '../../storage/assets/fetch-asset.ts';
import { startFakeHub } from '../../storage/assets/hub/fake-hub.fixture.ts';
import { loadModel } from './load-model.ts';

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'load-model-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

/** The tiny model as a repository of the hub has it, in two shards. */
async function repositoryFiles(): Promise<Record<string, Buffer>> {
  const source = tinyCheckpoint();
  const tensors = await Promise.all(
    weightSpecs(TINY_CONFIG).map(async ({ name }) => {
      const { tensor, transposed } = llama.locate(name, TINY_CONFIG);
      const { shape, values } = await source.read(name);
      return { name: tensor, ...(transposed ? transpose(shape, values) : { shape, values }) };
    }),
  );
  const half = Math.floor(tensors.length / 2);
  const shards = [tensors.slice(0, half), tensors.slice(half)];
  const weightMap = shards.flatMap((shard, i) => shard.map(({ name }) => [name, SHARDS[i]]));
  const json = (content: object) => Buffer.from(JSON.stringify(content));
  return {
    'config.json': json({
      model_type: 'llama',
      vocab_size: 40,
      hidden_size: 16,
      intermediate_size: 24,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      rope_theta: 10_000,
      rms_norm_eps: 1e-5,
      max_position_embeddings: 64,
      tie_word_embeddings: true,
    }),
    'tokenizer.json': json({
      added_tokens: [{ id: 3, content: '<|endoftext|>', special: true }],
      normalizer: null,
      post_processor: null,
      pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b']] },
    }),
    'tokenizer_config.json': json({ eos_token: '<|endoftext|>' }),
    'model.safetensors.index.json': json({ weight_map: Object.fromEntries(weightMap) }),
    ...Object.fromEntries(shards.map((shard, i) => [SHARDS[i], encodeSafetensors({ tensors: shard })])),
  };
}

/** [inputs, outputs] as the hub's checkpoints store it. */
function transpose([rows, columns]: number[], values: Float32Array) {
  const at = (i: number) => values[(i % rows) * columns + Math.floor(i / rows)];
  return { shape: [columns, rows], values: Float32Array.from({ length: values.length }, (_, i) => at(i)) };
}

test('a sharded model of the hub is fetched, pinned and loaded with the same weights', async () => {
  const hub = await startFakeHub({ repository: 'org/tiny', files: await repositoryFiles() });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  const { name } = await fetchAsset({ name: 'hub:org/tiny@main' });
  await hub.close();

  const { model, source } = await loadModel(name);
  const expected = await loadLanguageModel(tinyCheckpoint());
  expect([...model.weights.keys()]).toEqual([...expected.weights.keys()]);
  for (const [weight, tensor] of expected.weights)
    expect(model.weights.get(weight)!.dataSync(), weight).toEqual(tensor.dataSync());
  expect(source.tokenizer.encode('abb')).toEqual([2, 1]);
});

describe('a model whose numbers are not finite is refused before any record is read', () => {
  it('that has one such weight', async () => {
    await expect(loadModel('test/cases/models/nan-weights')).rejects.toMatchObject({
      type: ErrorType.ArtifactCorrupt,
      message: expect.stringContaining('contains numbers that are not finite'),
    });
  });

  it('whose weights are in the other byte order', async () => {
    await cp('test/cases/models/qwen3-inline', cache, { recursive: true });
    const path = join(cache, 'model.safetensors');
    const bytes = await readFile(path);
    bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))).swap32();
    await writeFile(path, bytes);
    await expect(loadModel(cache)).rejects.toMatchObject({
      type: ErrorType.ArtifactCorrupt,
      message: expect.stringContaining('not finite'),
    });
  });

  it('and only then: the same model as it was is loaded', async () => {
    const { model } = await loadModel('test/cases/models/qwen3-inline');
    expect(model.config.family).toBe('qwen3');
  });
});
