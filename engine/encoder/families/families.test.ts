import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { formulaNumbers } from '../../language-model/families/family.fixture.ts';
import { encodeSafetensors } from '../../language-model/safetensors-writer.ts';
import { tf } from '../../tensor/tensorflow.ts';
import { encoderBatch } from '../batch.ts';
import { disposeEncoder, loadEncoder } from '../encoder.ts';
import { runEncoder } from '../forward.ts';
import { openEncoder } from '../open-encoder.ts';

/** The output of test/reference/families/encoders.py, which describes each field. */
type Fixture = {
  config: Record<string, unknown>;
  spread: number;
  tensors: Record<string, { shape: number[]; mean: number }>;
  records: number[][];
  hidden: number[][][];
};
const fixtures: Record<string, Fixture> = JSON.parse(
  readFileSync('test/reference/families/encoders.json', 'utf8'),
);
const { files } = await locateAsset({ asset: 'minilm-l6-v2' });
const folder = await mkdtemp(join(tmpdir(), 'encoder-'));
afterAll(() => rm(folder, { recursive: true }));
for (const name of ['tokenizer.json', 'tokenizer_config.json'])
  await copyFile(files[name], join(folder, name));

/** Writes the fixture as a Hugging Face folder, with tensors renamed by `rename`. */
async function writeFolder({ config, spread, tensors }: Fixture, rename: (name: string) => string) {
  const stored = Object.entries(tensors).map(([name, { shape, mean }]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from(formulaNumbers(name, count), (u) => mean + spread * u);
    return { name: rename(name), shape, values };
  });
  await writeFile(join(folder, 'model.safetensors'), encodeSafetensors({ tensors: stored }));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

const plain = (name: string) => name;
const asTensorFlow = (name: string) =>
  `bert.${name}`.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta');

test.each([
  ['bert', 'as it is', plain],
  ['bert', 'of a task, with the names of its first checkpoints', asTensorFlow],
  ['distilbert', 'as it is', plain],
  ['distilbert', 'of a task', (name: string) => `distilbert.${name}`],
] as const)('%s %s gives the hidden states of transformers', async (kind, _, rename) => {
  const fixture = fixtures[kind];
  await writeFolder(fixture, rename);
  const encoder = await loadEncoder(await openEncoder(folder));
  const batch = encoderBatch(fixture.records);
  const hidden = tf.tidy(() => runEncoder(encoder, batch).dataSync());
  const { width } = encoder.config;
  fixture.hidden.forEach((rows, record) => {
    rows.forEach((row, token) => {
      const start = (record * batch.tokens + token) * width;
      row.forEach((value, i) => {
        expect(Math.abs(hidden[start + i] - value)).toBeLessThan(1e-5);
      });
    });
  });
  disposeEncoder(encoder);
});

test('anything else is refused with the reason', async () => {
  const { config, ...rest } = fixtures.bert;
  await writeFolder({ ...rest, config: { ...config, model_type: 'roberta' } }, plain);
  await expect(openEncoder(folder)).rejects.toThrow(
    /roberta is not a supported encoder.* bert, distilbert are/,
  );
  await writeFolder({ ...rest, config: { ...config, position_embedding_type: 'relative_key' } }, plain);
  await expect(openEncoder(folder)).rejects.toMatchObject({
    type: 'InvalidConfig',
    message: expect.stringContaining('position_embedding_type'),
  });
  await expect(openEncoder(tmpdir())).rejects.toThrow(/no config.json/);
  await writeFolder({ ...rest, config, tensors: { ...rest.tensors, ...otherPositions() } }, plain);
  await expect(openEncoder(folder).then(loadEncoder)).rejects.toMatchObject({ type: 'ArtifactCorrupt' });
});

/** Returns tensors with a number of positions that differs from the config. */
function otherPositions(): Fixture['tensors'] {
  return { 'embeddings.position_embeddings.weight': { shape: [10, 16], mean: 0 } };
}
