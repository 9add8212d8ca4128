import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactRef } from '../schemas/artifact.ts';
import type { JobOf } from '../schemas/jobs.ts';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import { classifierSchema } from '../schemas/settings/classifier.ts';
import { corpusSchema } from '../schemas/settings/corpus.ts';
import { jobKey } from './job-key.ts';

let encoder: string;
beforeAll(async () => {
  encoder = await mkdtemp(join(tmpdir(), 'dpsynth-encoder-'));
});
afterAll(() => rm(encoder, { recursive: true, force: true }));

const ref: ArtifactRef = {
  uri: 'file:///x',
  keyedDigest: 'ab'.repeat(32),
  mediaType: 'application/jsonl',
};

const keyOf = (model: string) => {
  const job: JobOf<'classify'> = {
    kind: 'classify',
    store: 'file:///store',
    run: 'run-1',
    source: 'real',
    model: 'smollm2-135m',
    labels: ['a', 'b'],
    train: [ref],
    test: ref,
    classifier: classifierSchema.parse({ kind: 'encoder', model }),
    evaluation: { bootstrap: 100, confidence: 0.95 },
    seed: 1,
  };
  return jobKey({ job, version: 'one' });
};

const prepareKey = (corpus: object) =>
  jobKey({
    job: {
      kind: 'prepare',
      store: 'file:///store',
      run: 'run-1',
      seed: 3,
      corpus: corpusSchema.parse({ source: 'wiki-topics', labels: ['a', 'b'], ...corpus }),
    },
    version: 'one',
  });

test('a corpus without a separate test set keeps the key from before test sets existed', async () => {
  expect(await prepareKey({})).toBe('e8675b8845e420cda5f6fe544dbb8e3204422e48153f0b9954ba08ab412e63fa');
});

const sampleKey = async (change: { template?: object; sampling?: object } = {}) => {
  const model = join(encoder, 'model');
  await mkdir(model, { recursive: true });
  await writeFile(join(model, 'config.json'), 'm');
  const config = parseExperiment({
    corpus: { source: 'x.csv', labels: ['a', 'b'] },
    template: {
      form: 'chat',
      instruction: 'Write {description}, please.',
      descriptions: { a: 'one', b: 'two' },
      system: 's',
      ...change.template,
    },
    sampling: { records: 20, temperature: 0.7, ...change.sampling },
  });
  const { template, sampling, seed } = config;
  const base = { store: 'file:///s', run: 'r', model, template, labels: ['a', 'b'], adapter: null };
  const job: JobOf<'sample'> = { kind: 'sample', ...base, sampling, precision: 'auto', seed, shard: 0 };
  return jobKey({ job, version: 'one' });
};

test('the key of sampling without attributes, rules and sentence ends is that of the version before there were any', async () => {
  const key = await sampleKey();
  expect(key).toBe('f91c426e5ec9b594c52cef47a24ee4a16be811f08e63d184c10bf86122011b4c');
  const attributes = { instruction: 'Write {description} {attribute}.', attributes: { a: ['x'] } };
  const varied = await sampleKey({ template: attributes });
  const changed = [
    varied,
    await sampleKey({ template: { ...attributes, attributes: { a: ['y'] } } }),
    await sampleKey({ template: { ...attributes, plainShare: 0.2 } }),
    await sampleKey({ sampling: { endAtSentence: true } }),
    await sampleKey({ sampling: { filter: {} } }),
    await sampleKey({ sampling: { filter: { retries: 0 } } }),
  ];
  expect(new Set([key, ...changed]).size).toBe(7);
});

test('the key of a corpus follows the content of its test source, not the name, and which rows are marked', async () => {
  const [one, two] = ['one.csv', 'two.csv'].map((name) => join(encoder, name));
  await writeFile(one, 'text,label\nx,a\n');
  await writeFile(two, 'text,label\nx,a\n');
  const key = await prepareKey({ test: one });
  expect(key).not.toBe(await prepareKey({}));
  expect(await prepareKey({ test: two })).toBe(key);
  // Who may see the test set, and an unused fraction, have no effect.
  expect(await prepareKey({ test: one, testSetIsPublic: true, testFraction: 0.5 })).toBe(key);
  await writeFile(two, 'text,label\ny,a\n');
  expect(await prepareKey({ test: two })).not.toBe(key);

  const marked = await prepareKey({ test: { field: 'fold', value: 1 } });
  expect(await prepareKey({ test: { field: 'fold', value: 2 } })).not.toBe(marked);
  expect(await prepareKey({ test: { field: 'part', value: 1 } })).not.toBe(marked);
});

test("the key of a classifier follows the content of its encoder, not the folder's name", async () => {
  await writeFile(join(encoder, 'config.json'), 'one');
  const first = await keyOf(encoder);
  expect(await keyOf(`${encoder}/`)).toBe(first);
  expect(await keyOf('minilm-l6-v2')).not.toBe(first);
  await writeFile(join(encoder, 'config.json'), 'another');
  expect(await keyOf(encoder)).not.toBe(first);
});
