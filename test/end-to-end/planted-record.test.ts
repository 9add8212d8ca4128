import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpusReader } from '../../engine/data/corpus-reader.ts';
import { splitCorpus } from '../../engine/data/split-corpus.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { corpusSchema } from '../../schemas/settings/corpus.ts';
import { readCorpus } from '../../storage/assets/read-corpus.ts';
import { runCli } from './cli.ts';

/** One word for each part of the corpus: found in bytes even where a page of a database cuts the sentence. */
const IN_TRAINING = 'Zwickelbart';
const IN_TEST = 'Quastenflosser';
const RUN = 'planted';
const LABELS = ['People', 'Mathematics'];
/** As the experiment below splits. */
const SPLIT = { testFraction: 0.2, seed: 1 };

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-planted-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a private sentence is in no byte of a release, of the logs and of the history, with every section on', {
  timeout: 600_000,
}, async () => {
  const corpus = join(home, 'corpus.jsonl');
  await writeFile(corpus, await corpusWithSentences());
  const config = join(home, 'config.json');
  await writeFile(config, JSON.stringify(experimentOn(corpus)));

  const { code, stderr } = await runCli(['run', config, '--local', '--home', home, '--id', RUN, '--json']);
  expect(stderr).not.toMatch(/failed/i);
  expect(code).toBe(0);

  // Both sentences were there to be leaked, and every section was made.
  const inside = await bytesUnder(join(home, 'artifacts/private'));
  expect(inside).toContain(IN_TRAINING);
  expect(inside).toContain(IN_TEST);
  const data = JSON.parse(await readFile(join(home, `artifacts/private/${RUN}/report-data.json`), 'utf8'));
  expect(data.scores.missing).toEqual([]);
  expect(data.scores.differences).toHaveLength(3);
  expect(data.scores.amounts).toMatchObject({ points: [{}, {}], missing: [] });
  for (const section of ['tuning', 'proxies', 'trainingCurve', 'texts'])
    expect(data[section], section).toBeTruthy();

  const released = join(home, `artifacts/release/${RUN}`);
  const file = await readFile(join(released, 'synthetic.parquet'));
  const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer });
  const open = {
    release: `${await bytesUnder(released)}${JSON.stringify(rows)}`,
    logs: await bytesUnder(join(home, 'logs')),
    history: await bytesUnder(home, /sqlite/),
    terminal: stderr,
  };
  for (const [where, bytes] of Object.entries(open)) {
    expect(bytes.length, where).toBeGreaterThan(0);
    for (const word of [IN_TRAINING, IN_TEST])
      expect(bytes.includes(word), `${word} in ${where}`).toBe(false);
  }
  // What is searched is what was kept: the server's file holds the inputs of the run as they are.
  expect(open.history).toContain(RUN);
  expect(open.history).toContain('expectedBatchSize');
});

/** Real texts, and one sentence that falls into the training part and one that falls into the test part. */
async function corpusWithSentences(): Promise<string> {
  const source = 'wiki-topics';
  const bytes = await readCorpus({ source });
  const all = corpusReader(corpusSchema.parse({ source, labels: LABELS }))(bytes);
  const texts = LABELS.flatMap((label) => all.filter((record) => record.label === label).slice(0, 120));
  const sentence = (word: string, part: 'train' | 'test') => {
    for (let house = 1; ; house++) {
      const record = {
        text: `${word} of Mill Lane ${house} asks for silence about the debt.`,
        label: LABELS[0],
      };
      if (splitCorpus({ records: [record], ...SPLIT })[part].length === 1) return record;
    }
  };
  return [...texts, sentence(IN_TRAINING, 'train'), sentence(IN_TEST, 'test')]
    .map(({ text, label }) => JSON.stringify({ text, label }))
    .join('\n');
}

function experimentOn(source: string): ExperimentInput {
  return {
    seed: SPLIT.seed,
    corpus: { source, labels: LABELS, testFraction: SPLIT.testFraction, testSetIsPublic: true },
    template: { form: 'chat', descriptions: { People: 'a person', Mathematics: 'mathematics' } },
    training: {
      adapter: { method: 'lora', rank: 1, lastBlocks: 2 },
      expectedBatchSize: 8,
      steps: 2,
      maxTokens: 16,
    },
    sampling: { records: 16, shards: 1, maxTokens: 12 },
    classifier: { kind: 'linear', updates: 20, seeds: 1, buckets: 1024, dp: { updates: 4 } },
    evaluation: {
      baselines: ['majority', 'zero-shot', 'real-dp', 'real'],
      heldOut: 10,
      proxies: { records: 20, perplexityRecords: 5 },
      tuning: { space: { learningRate: [0.03, 0.1] } },
      amounts: [0.5, 0.75],
      bootstrap: 100,
    },
  };
}

/** All files below a folder, one after the other, as the bytes are. */
async function bytesUnder(folder: string, name = /./): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && name.test(entry.name));
  const parts = await Promise.all(
    files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
  return parts.join('\n');
}
