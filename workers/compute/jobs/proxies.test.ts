import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatRecords } from '../../../engine/data/records-file.ts';
import {
  type CorpusProxies,
  corpusProxiesSchema,
  proxySettingsSchema,
} from '../../../schemas/evaluations/proxies.ts';
import { jobResultSchemas, type Progress } from '../../../schemas/jobs.ts';
import { templateSchema } from '../../../schemas/settings/template.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { createFileStore } from '../../../storage/file-store.ts';
import { runProxies } from './proxies.ts';

let root: string;
let store: ArtifactStore;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpsynth-proxies-'));
  store = createFileStore({ root });
});
afterAll(() => rm(root, { recursive: true, force: true }));

const HAM = [
  'see you at seven',
  'call me when you are home',
  'no',
  'is it raining there',
  'lunch at the usual place',
];
const SPAM = [
  'win a prize now',
  'urgent: your account',
  'free ringtones, text STOP',
  'claim 500 pounds',
  'call 0800 now',
];

const put = (name: string, texts: readonly string[]) =>
  store.put({
    area: 'private',
    key: `run-1/${name}.jsonl`,
    body: formatRecords(texts.map((text, i) => ({ text, label: i % 2 ? 'spam' : 'ham' }))),
    mediaType: 'application/jsonl',
    replace: true,
  });

async function measure(
  texts: readonly string[],
  {
    perplexityRecords = 0,
    source = 'synthetic',
    signal = new AbortController().signal,
  }: {
    perplexityRecords?: number;
    source?: CorpusProxies['source'];
    signal?: AbortSignal;
  } = {},
) {
  const progress: Progress[] = [];
  const { encoder, ...settings } = proxySettingsSchema.parse({ perplexityRecords, records: 60 });
  const result = await runProxies(
    {
      kind: 'proxies',
      store: 'unused',
      run: 'run-1',
      source,
      model: 'smollm2-135m',
      encoder,
      template: templateSchema.parse({ form: 'prefix', task: 'sms' }),
      adapter: null,
      texts: [await put('texts', texts)],
      test: await put('test', [...HAM, ...SPAM]),
      settings,
      maxTokens: 24,
    },
    { store, onProgress: (one) => progress.push(one), signal },
  );
  expect(jobResultSchemas.proxies.parse(result)).toEqual(result);
  // The schema refuses what JSON makes of NaN or of an infinity.
  const proxies = corpusProxiesSchema.parse(JSON.parse((await store.read(result.proxies)).toString()));
  return { proxies, against: proxies.againstReal!, progress, result };
}

test('ten records: every proxy is a number, lies in private/, and progress tells of nothing but counts', async () => {
  const { proxies, against, progress, result } = await measure([...HAM, ...SPAM], { perplexityRecords: 4 });
  expect(result.proxies.uri).toMatch(/private\/run-1\/proxies\/synthetic\.json$/);
  expect(proxies).toMatchObject({ source: 'synthetic', records: 10 });
  expect(against).toMatchObject({
    records: 10,
    precision: { value: 1 },
    recall: { value: 1 },
    words: { value: 0 },
    wordPairs: { value: 0 },
    tokenLengths: { value: 0 },
    characterLengths: { value: 0 },
  });
  expect(against.mauve[0].mauve.value).toBeCloseTo(1, 6);
  expect(proxies.alone.perplexity.value).toBeGreaterThan(5);
  expect(against.realPerplexity.value).toBeGreaterThan(5);
  expect([...new Set(progress.map(({ phase }) => phase))]).toEqual([
    'load the encoder',
    'embed texts',
    'MAUVE',
    'words and lengths',
    'load the model',
    'perplexity of the texts',
    'perplexity of real text',
  ]);
}, 60_000);

test('empty texts: a reason where there is no word and no token, numbers elsewhere', async () => {
  const { proxies, against } = await measure(Array(10).fill(''), { perplexityRecords: 2, source: 'real' });
  const because = (text: string) => ({ value: null, because: text });
  expect(proxies.alone).toEqual({
    distinct1: because('no text has a word'),
    distinct2: because('no text has 2 words'),
    selfBleu: because('no text has a word'),
    perplexity: because('no text has a second token'),
  });
  expect(against).toMatchObject({
    words: because('one of the corpora has nothing to count'),
    realPerplexity: because('no model wrote these texts'),
  });
  expect(against.mauve[0].mauve.value).toBeLessThan(0.5);
  expect(against.recall.value).toBe(0);
}, 60_000);

test.each([
  ['one label missing', HAM, { precision: { value: 1 } }],
  ['constant text', Array(12).fill('one and the same text'), { recall: { value: 0 } }],
  [
    'emoji and right-to-left text',
    ['مرحبا بالعالم 😀', 'שלום עולם', '👩‍👩‍👧 🇩🇪', 'صباح الخير', '😀😀😀'],
    { words: { value: expect.closeTo(1, 9) } },
  ],
  ['two texts', ['no', 'yes'], { recall: { value: null, because: 'each corpus needs more than 3 texts' } }],
])(
  '%s: a number or a reason',
  async (_, texts, expected) => {
    const { proxies, against } = await measure(texts);
    expect(against).toMatchObject(expected);
    expect(against.mauve[0].mauve.value).toBeGreaterThanOrEqual(0);
    expect(proxies.alone.distinct1.value).toBeGreaterThan(0);
    expect(proxies.alone.perplexity).toMatchObject({
      because: 'evaluation.proxies.perplexityRecords is 0',
    });
  },
  60_000,
);

test('an abort ends it without a result', async () => {
  await rm(join(root, 'private/run-1/proxies'), { recursive: true, force: true });
  await expect(measure(HAM, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  expect(await store.list({ area: 'private', key: 'run-1/proxies' })).toEqual([]);
}, 60_000);
