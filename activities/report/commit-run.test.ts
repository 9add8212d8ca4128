import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatRecords, parseRecords } from '../../engine/data/records-file.ts';
import { renderReport } from '../../engine/report/render-report.ts';
import { reportDataSchema } from '../../engine/report/report-data.ts';
import { scoreRow } from '../../engine/report/report-fixture.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import type { LabelledText } from '../../schemas/records.ts';
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

async function commit(change: Partial<ExperimentInput> = {}) {
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
  const row = async (source: 'synthetic' | 'real', mean: number) => ({
    source,
    row: await put(`rows/${source}.json`, JSON.stringify(scoreRow(source, mean))),
  });
  const octets = await put('adapter.safetensors', 'adapter');
  const deps: ActivityDeps = {
    store,
    runJob: () => Promise.reject(new Error('no job in this test')),
    countTrainableParameters: async () => 10,
    countTokens: async ({ texts }) => texts.map((text) => text.length),
    jobVersion: async () => 'test',
    codeVersion: 'test',
  };
  return commitRun({
    deps,
    input: {
      run: RUN,
      config,
      startedAt: '2026-01-01T00:00:00Z',
      prepared: {
        train: await corpus('train.jsonl', secrets),
        test: await corpus('test.jsonl', [{ text: `${SECRET} too`, label: 'ham' }]),
        records: 4000,
        testRecords: 1,
      },
      plan: planExperiment({ config, records: 4000, trainableParameters: 10 }),
      finetuned: {
        adapter: octets,
        diagnostics: await put('diagnostics.json', JSON.stringify({ curve: [point] })),
        steps: 1,
        trainableParameters: 10,
        seconds: 1,
        peakRssBytes: 1,
      },
      synthetic: [
        await corpus('s0.jsonl', SYNTHETIC.slice(0, 2)),
        await corpus('s1.jsonl', SYNTHETIC.slice(2)),
      ],
      zeroShot: [],
      rows: [await row('synthetic', 0.724), await row('real', 0.955)],
      stages: [{ stage: 'finetune', seconds: 7137 }],
    },
  });
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
      for (const mark of [SECRET, 'patient', 'Quibblethorpe', '7.713', '0.7132', '7134', '0.955', '1 h 58'])
        expect(body, name).not.toContain(mark);
    }
    const page = String(await read('private', 'report.html'));
    for (const mark of ['7.713', '0.955', 'Real 40']) expect(page).toContain(mark);
    expect(page).not.toContain(SECRET);
  });

  it('keeps the data of the report, so that the page can be made again', async () => {
    await commit();
    const data = reportDataSchema.parse(JSON.parse(String(await read('private', 'report-data.json'))));
    expect(renderReport(data)).toBe(String(await read('private', 'report.html')));
    expect(renderReport({ ...data, version: 'release' })).toBe(String(await read('release', 'report.html')));
    const manifest = JSON.parse(String(await read('private', 'manifest.json')));
    expect(manifest.outputs['report-data'].uri).toMatch(/\/private\/run\/report-data\.json$/);
  });

  it('keeps the Parquet file of a run without privacy inside', async () => {
    await commit({ privacy: { epsilon: 'none' } });
    expect(await filesOf('release')).toEqual(['manifest.json', 'statement.json']);
    expect(await filesOf('private')).toContain('synthetic.parquet');
  });
});
