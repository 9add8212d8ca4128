import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportData, scores as reportScores } from '../../engine/report/report.fixture.ts';
import { releasableScores } from '../../engine/report/to-release.ts';
import type { ExperimentResult } from '../../schemas/experiment-state.ts';
import type { SweepCell } from '../../schemas/sweep/sweep-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { resultJson } from '../cli/run/result-display.ts';
import { readComparison } from '../sweep/read-comparison.ts';
import { readOutcome } from './read-outcome.ts';

let root: string;
let store: ArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-outcome-'));
  store = createFileStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A finished run with all its files, whose private numbers are unlike the public ones. */
async function finished(params: { testSetIsPublic: boolean; epsilon?: number | null }) {
  const { testSetIsPublic, epsilon = 8 } = params;
  const all = { ...reportScores(), heldOut: { tuned: loss(2.125), untuned: loss(2.25) } };
  const json = { mediaType: 'application/json' };
  const put = (area: 'private' | 'release', file: string, value: unknown) =>
    store.put({ area, key: `r/${file}`, body: `${JSON.stringify(value)}\n`, ...json });
  const corpus = await put(epsilon === null ? 'private' : 'release', 'synthetic.jsonl', {
    text: 'a made-up text',
    label: 'ham',
  });
  await put('release', 'statement.json', { mechanism: { records: 4123 } });
  const scores = await put('private', 'scores.json', all);
  const report = await put('private', 'report.html', '');
  const result: ExperimentResult = {
    run: 'r',
    report,
    release: corpus,
    releaseReport: report,
    synthetic: corpus,
    syntheticRecords: 1,
    scores,
    published: epsilon === null ? null : releasableScores(all, testSetIsPublic),
    statement: reportData().statement.line,
    training: { epsilon, trainableParameters: 12 },
  };
  return { all, result };
}

const loss = (nats: number) => ({ nats, tokens: 100, records: 5 });

test('the default JSON result contains the published scores and the numbers of records, and no other score', async () => {
  const { result } = await finished({ testSetIsPublic: true });
  const outcome = await readOutcome({ result, store, withPrivate: false });
  const printed = resultJson({ result, outcome, uiLink: null });
  expect(printed).toEqual({
    run: 'r',
    report: result.report.uri,
    release: result.release?.uri,
    records: { training: 4123, test: 80 },
    scores: result.published,
    internal: [],
    statement: result.statement,
    ui: null,
  });
  // The score of the row "real".
  expect(JSON.stringify(printed)).not.toContain('0.955');
  expect(outcome.isCut).toBe(true);
});

test('scores on a private test set are printed only if they are asked for', async () => {
  const { all, result } = await finished({ testSetIsPublic: false });
  const byDefault = await readOutcome({ result, store, withPrivate: false });
  const printed = resultJson({ result, outcome: byDefault, uiLink: null });
  expect(printed).toMatchObject({ scores: null, internal: [], records: { training: 4123, test: 80 } });
  expect(JSON.stringify(printed)).not.toMatch(/0\.724|0\.61|2\.125/);
  expect(byDefault.records).toHaveLength(1);

  const asked = await readOutcome({ result, store, withPrivate: true });
  expect(asked).toMatchObject({ scores: all, isCut: false });
  expect(asked.internal).toEqual(['majority', 'zero-shot', 'synthetic', 'real']);
});

test('without access to the private area one gets the published scores and the number of test records', async () => {
  const { result } = await finished({ testSetIsPublic: true });
  await store.remove({ area: 'private', key: 'r' });
  for (const withPrivate of [true, false])
    expect(await readOutcome({ result, store, withPrivate })).toMatchObject({
      scores: result.published,
      internal: [],
      counts: { training: 4123, test: 80 },
    });
});

test('texts of a run without privacy are as private as its scores', async () => {
  const { result } = await finished({ testSetIsPublic: true, epsilon: null });
  expect(await readOutcome({ result, store, withPrivate: false })).toMatchObject({
    scores: null,
    records: null,
    isCut: true,
  });
  expect((await readOutcome({ result, store, withPrivate: true })).records).toHaveLength(1);
});

test('by default the cells of a sweep contain no private score and no cost of a training', async () => {
  const { all, result } = await finished({ testSetIsPublic: false });
  const cost = { seconds: 61, peakRssBytes: 1_073_741_824 };
  await store.put({
    area: 'private',
    key: 'r/steps/finetune.json',
    body: JSON.stringify({ input: '', stage: 'finetune', startedAt: '', endedAt: '', cost, output: null }),
    mediaType: 'application/json',
  });
  const cell: SweepCell = {
    name: 'one',
    run: 'r',
    status: 'done',
    why: null,
    epsilon: 8,
    startedAt: null,
    endedAt: null,
    earlier: false,
    training: { epsilon: 8, trainableParameters: 12 },
    published: null,
    scores: result.scores,
    report: result.report,
  };
  const byDefault = await readComparison({ cells: [cell], store, withPrivate: false });
  expect(byDefault).toEqual([{ ...cell, rows: [], internal: [], missing: [] }]);
  const [asked] = await readComparison({ cells: [cell], store, withPrivate: true });
  expect(asked.rows).toHaveLength(all.rows.length);
  expect(asked.cost).toEqual(cost);
  expect(asked.heldOut).toEqual(all.heldOut);
});
