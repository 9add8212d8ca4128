import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSmsSpam } from '../../../engine/data/catalog/sms-spam.ts';
import { formatRecords, parseRecords } from '../../../engine/data/records-file.ts';
import { planSelection } from '../../../engine/privacy/selection-plan.ts';
import { selectionStatistics } from '../../../engine/selection/selection-statistics.ts';
import { type JobOf, jobResultSchemas, type Progress } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import { selectionSummarySchema } from '../../../schemas/selection.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import { runSelect } from './select.ts';

const RUN = 'run-1';
const LABELS = ['ham', 'spam'];
const PLANTED = 'xylophone 4711 of the private record';

let root: string;
let store: ArtifactStore;
/** 80 messages to learn from, and 40 others as the pool, a quarter of them under the wrong label. */
let train: LabelledText[];
let pool: LabelledText[];
/** The label that each text of the pool really has. */
let truth: Map<string, string>;
let first: Awaited<ReturnType<typeof select>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-select-'));
  store = createFileStore({ root });
  const messages = readSmsSpam(await readFile((await locateAsset({ asset: 'sms-spam' })).path));
  const of = (label: string, from: number, count: number) =>
    messages.filter((message) => message.label === label).slice(from, from + count);
  train = [...of('ham', 0, 39), ...of('spam', 0, 40), { text: PLANTED, label: 'ham' }];
  const right = [...of('ham', 100, 20), ...of('spam', 100, 20)];
  truth = new Map(right.map(({ text, label }) => [text, label]));
  const other = (label: string) => (label === 'ham' ? 'spam' : 'ham');
  pool = right.map(({ text, label }, i) => ({ text, label: i % 4 === 0 ? other(label) : label }));
  // Fixed secrets fix the noise: what the teacher learns then does not depend on luck.
  const secrets = [{ area: 'private', key: 'store@1/secret.key' } as const, runLayout(RUN).runKey];
  for (const place of secrets)
    await store.put({ ...place, body: new Uint8Array(32).fill(7), mediaType: 'application/octet-stream' });
  first = await select();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const put = (name: string, records: LabelledText[]) =>
  store.put({
    area: 'private',
    key: `${RUN}/${name}.jsonl`,
    body: formatRecords(records),
    mediaType: 'application/jsonl',
    replace: true,
  });

async function select(change: Partial<JobOf<'select'>> = {}) {
  const progress: Progress[] = [];
  const statistics = selectionStatistics({ teacher: 'head', votes: false });
  const result = await runSelect(
    {
      kind: 'select',
      store: 'unused',
      run: RUN,
      labels: LABELS,
      pool: [await put('pool-0', pool.slice(0, 25)), await put('pool-1', pool.slice(25))],
      train: await put('train', train),
      plan: { ...planSelection({ records: train.length, statistics, target: { noiseMultiplier: 0.02 } }) },
      encoder: 'minilm-l6-v2',
      teacher: { kind: 'head', steps: 15 },
      labelling: 'agree',
      wanted: { records: 40, labels: 'uniform' },
      seed: 1,
      ...change,
    },
    { store, onProgress: (one) => progress.push(one), signal: new AbortController().signal },
  );
  jobResultSchemas.select.parse(result);
  const records = parseRecords(await store.read(result.corpus), 'the selected texts');
  return { result, records, progress, summary: await store.readJson(result.summary, selectionSummarySchema) };
}

test('texts under a wrong label fall away, those under the right one stay', () => {
  const { records, summary, progress } = first;
  const right = records.filter(({ text, label }) => truth.get(text) === label).length;
  // The pool has 0.75.
  expect(right / records.length).toBeGreaterThan(0.8);
  expect(records.length).toBeGreaterThan(20);
  expect(records.length).toBeLessThan(37);
  expect(summary.labels.map(({ label, pool }) => [label, pool])).toEqual([
    ['ham', 20],
    ['spam', 20],
  ]);
  expect(summary.labels.reduce((sum, { kept }) => sum + kept, 0)).toBe(records.length);
  expect(new Set(progress.map(({ phase }) => phase))).toEqual(
    new Set(['load the encoder', 'embed texts', 'train the teacher']),
  );
});

test('soft labels are probabilities with the sum 1, mostly of the right label', async () => {
  const { records } = await select({ labelling: 'soft' });
  expect(records.length).toBeGreaterThan(35);
  let right = 0;
  for (const { text, label_probabilities: probabilities } of records) {
    expect(probabilities!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    if (probabilities![LABELS.indexOf(truth.get(text)!)] > 0.5) right += 1;
  }
  // The pool has 0.75.
  expect(right / records.length).toBeGreaterThan(0.8);
});

test('another attempt repeats the first, and no private text leaves', async () => {
  const again = await select();
  expect(await store.read(again.result.corpus)).toEqual(await store.read(first.result.corpus));
  const { selected, selectionSummary } = runLayout(RUN);
  for (const place of [selected, selectionSummary])
    expect(String(await store.readKey(place))).not.toContain(PLANTED);
  expect(JSON.stringify(first.progress)).not.toContain('xylophone');
});

test('a plan whose noise was edited is refused before anything is learned', async () => {
  const statistics = selectionStatistics({ teacher: 'head', votes: false });
  const plan = planSelection({ records: train.length, statistics, target: { noiseMultiplier: 0.02 } });
  await expect(select({ plan: { ...plan, noiseMultiplier: 0.01 } as never })).rejects.toMatchObject({
    type: 'InvalidConfig',
  });
});
