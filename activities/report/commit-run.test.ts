import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatRecords, parseRecords } from '../../engine/data/records-file.ts';
import type { Ran } from '../../engine/privacy/statement.ts';
import { renderReport } from '../../engine/report/render-report.ts';
import { directRow, scoreRow } from '../../engine/report/report.fixture.ts';
import { reportDataSchema } from '../../engine/report/report-data.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { Predictions, ScoreSource } from '../../schemas/scores.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { planExperiment } from '../plan-experiment.ts';
import { commitRun } from './commit-run.ts';

const RUN = 'run';
/** What stands in the real records and the diagnostics alone. */
const SECRET = 'the patient is Ann Quibblethorpe';
const SYNTHETIC: LabelledText[] = [
  { text: 'See you at seven, مرحبا 😀', label: 'ham' },
  { text: 'Call now\nto "win"', label: 'spam' },
  { text: '', label: 'ham' },
];

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-commit-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = (name: string, body: string) =>
  store.put({ area: 'private', key: `${RUN}/${name}`, body, mediaType: 'text/plain' });

const corpus = (name: string, records: LabelledText[]) => put(name, formatRecords(records));

const RAN: Ran = {
  codeVersion: 'test',
  adapterDigest: 'ab'.repeat(32),
  stepsDone: 16,
  selection: null,
  generator: 'test',
  accountant: { name: 'pld', check: 'rdp' },
  precision: null,
  ledger: null,
  chosenFrom: null,
  cachedFrom: null,
};

async function commit(change: Partial<ExperimentInput> = {}, ran: Ran | null = RAN) {
  const config = parseExperiment({
    name: 'planted',
    corpus: { source: 'sms.csv', labels: ['ham', 'spam'], testSetIsPublic: true },
    template: { form: 'prefix', task: 'sms' },
    ...change,
  });
  const secrets = Array.from({ length: 40 }, (_, i) => ({
    text: `${SECRET} ${i}`,
    label: i % 2 ? 'ham' : 'spam',
  }));
  const point = { step: 1, loss: 7.7131, clipped: 0.7132, medianNorm: 7.7133, drawn: 7134 };
  const row = async (source: ScoreSource, mean: number) => {
    const made = source === 'real-dp' ? directRow(mean) : scoreRow(source, mean);
    return {
      source,
      row: await put(`rows/${source}.json`, JSON.stringify(made)),
      predictions: await put(`rows/${source}.predictions.json`, JSON.stringify(predictions(source))),
    };
  };
  const octets = await put('adapter.safetensors', 'adapter');
  const deps: ActivityDeps = {
    store,
    runJob: () => Promise.reject(new Error('no job in this test')),
    countTrainableParameters: async () => 10,
    countTokens: async ({ texts }) => texts.map((text) => text.length),
    jobVersion: async () => 'test',
    codeVersion: 'test',
  };
  // What a step took is kept beside its result.
  const took = { startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T01:58:57Z' };
  const cost = { seconds: 7137, peakRssBytes: 7137 };
  await put(
    'steps/finetune.json',
    JSON.stringify({ input: '', stage: 'finetune', ...took, cost, output: {} }),
  );
  return commitRun({
    deps,
    ran,
    input: {
      run: RUN,
      config,
      startedAt: '2026-01-01T00:00:00Z',
      prepared: {
        train: await corpus('train.jsonl', secrets),
        test: await corpus('test.jsonl', [{ text: `${SECRET} too`, label: 'ham' }]),
        records: 4000,
        testRecords: 1,
        units: '0'.repeat(32),
      },
      plan: planExperiment({ config, records: 4000, trainableParameters: 10 }),
      finetuned: {
        adapter: octets,
        diagnostics: await put('diagnostics.json', JSON.stringify({ curve: [point] })),
        steps: 16,
        release: 'one',
        trainableParameters: 10,
      },
      synthetic: [
        await corpus('s0.jsonl', SYNTHETIC.slice(0, 2)),
        await corpus('s1.jsonl', SYNTHETIC.slice(2)),
      ],
      zeroShot: [],
      rows: [
        await row('zero-shot', 0.612),
        await row('synthetic', 0.724),
        await row('real-dp', 0.8117),
        await row('real', 0.955),
      ],
    },
  });
}

/** Right on the first records: 50 of 80 zero-shot, 60 synthetic, 70 with DP, all 80 with the real ones. Seeds are alike. */
function predictions(source: ScoreSource): Predictions {
  const right = { majority: 40, 'zero-shot': 50, synthetic: 60, 'real-dp': 70, real: 80 }[source];
  const truth = Array.from({ length: 80 }, (_, i) => i % 2);
  const predicted = truth.map((label, i) => (i < right ? label : 1 - label));
  return { truth, runs: [1, 2, 3].map((seed) => ({ seed, predicted })) };
}

const filesOf = async (area: string) => (await readdir(join(root, area, RUN))).sort();
const read = (area: string, name: string) => readFile(join(root, area, RUN, name));

describe('commitRun', () => {
  it('leaves the corpus as JSONL and as Parquet, with the same records in the same order', async () => {
    await commit();
    const parquet = await read('release', 'synthetic.parquet');
    expect(
      await parquetReadObjects({
        file: parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length) as ArrayBuffer,
      }),
    ).toEqual(SYNTHETIC);
    expect(parseRecords(await read('release', 'synthetic.jsonl'), 'x')).toEqual(SYNTHETIC);
    expect(String(await read('release', 'README.md'))).toContain('path: "synthetic.parquet"');
  });

  it('puts nothing of the real records, and no number of theirs, below release/', async () => {
    await commit();
    const names = await filesOf('release');
    expect(names).toEqual([
      'README.md',
      'adapter.safetensors',
      'manifest.json',
      'report.html',
      'statement.json',
      'synthetic.jsonl',
      'synthetic.parquet',
    ]);
    for (const name of names) {
      const body = String(await read('release', name));
      for (const mark of [
        SECRET,
        'patient',
        'Quibblethorpe',
        '7.713',
        '0.7132',
        '7134',
        '0.955',
        '0.812',
        '−0.125',
        '−0.250',
        '1 h 58',
      ])
        expect(body, name).not.toContain(mark);
    }
    const page = String(await read('private', 'report.html'));
    for (const mark of ['7.713', '0.955', '0.812', '−0.125', '−0.250', 'clearly worse', 'Real 40'])
      expect(page).toContain(mark);
    expect(page).not.toContain(SECRET);
  });

  it('sets the synthetic row against the others by a paired bootstrap, in the history only where it may be published', async () => {
    const { published } = await commit();
    const { differences } = JSON.parse(String(await read('private', 'scores.json')));
    const accuracy = (difference: { minus: string; mean: { accuracy: number } }) => [
      difference.minus,
      difference.mean.accuracy,
    ];
    expect(differences.map(accuracy)).toEqual([
      ['zero-shot', 0.125],
      ['real-dp', -0.125],
      ['real', -0.25],
    ]);
    // 10 of 80 records tell them apart; of these many draws, none has fewer than two of them.
    expect(differences[1].intervals.accuracy.high).toBeLessThan(0);
    expect(published?.differences?.map(({ minus }) => minus)).toEqual(['zero-shot']);
    const closed = { source: 'sms.csv', labels: ['ham', 'spam'], testSetIsPublic: false };
    expect((await commit({ corpus: closed })).published).toBeNull();
    expect(String(await read('release', 'report.html'))).not.toContain('+0.125');
  });

  it('keeps the data of the report, so that the page can be made again', async () => {
    await commit();
    const data = reportDataSchema.parse(JSON.parse(String(await read('private', 'report-data.json'))));
    expect(renderReport(data)).toBe(String(await read('private', 'report.html')));
    expect(renderReport({ ...data, version: 'release' })).toBe(String(await read('release', 'report.html')));
    const manifest = JSON.parse(String(await read('private', 'manifest.json')));
    expect(manifest.outputs['report-data'].uri).toMatch(/\/private\/run\/report-data\.json$/);
  });

  it('keeps a trial of a sweep inside, with its report, until it is released', async () => {
    const held = await commit({}, null);
    expect(held).toMatchObject({ release: null, releaseReport: null });
    await expect(filesOf('release')).rejects.toThrow('ENOENT');
    expect(await filesOf('private')).toEqual(expect.arrayContaining(['report.html', 'synthetic.jsonl']));
    const chosenFrom = { sweep: 's', trainings: 10, epsilon: 19.6, delta: 1e-5, withoutPrivacy: 0 };
    await commit({}, { ...RAN, chosenFrom });
    const { ran } = JSON.parse(String(await read('release', 'statement.json')));
    expect(ran.chosenFrom).toEqual(chosenFrom);
  });

  it('keeps the Parquet file of a run without privacy inside', async () => {
    await commit({ privacy: { epsilon: 'none' } }, { ...RAN, adapterDigest: null });
    expect(await filesOf('release')).toEqual(['manifest.json', 'statement.json']);
    expect(await filesOf('private')).toContain('synthetic.parquet');
  });
});
