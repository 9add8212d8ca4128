import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArtifactRef } from '../schemas/artifact.ts';
import type { JobOf } from '../schemas/jobs.ts';
import { classifierSchema } from '../schemas/settings/classifier.ts';
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

test("the key of a classifier follows the content of its encoder, not the folder's name", async () => {
  await writeFile(join(encoder, 'config.json'), 'one');
  const first = await keyOf(encoder);
  expect(await keyOf(`${encoder}/`)).toBe(first);
  expect(await keyOf('minilm-l6-v2')).not.toBe(first);
  await writeFile(join(encoder, 'config.json'), 'another');
  expect(await keyOf(encoder)).not.toBe(first);
});
