import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactRef } from '../schemas/artifact.ts';
import type { JobOf } from '../schemas/jobs.ts';
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
