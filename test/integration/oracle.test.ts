import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { triggerSchedule } from '../../client/schedule/change-schedule.ts';
import { createSchedule } from '../../client/schedule/create-schedule.ts';
import { prepareCorpus } from '../../engine/data/prepare-corpus.ts';
import { formatRecords } from '../../engine/data/records-file.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { TaskQueue, WorkflowType } from '../../schemas/names.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const DUMP = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for (table,) in db.execute("select name from sqlite_master where type = 'table'").fetchall():
    for row in db.execute(f'select * from "{table}"'):
        for value in row:
            if value is not None:
                sys.stdout.buffer.write(value if isinstance(value, bytes) else str(value).encode())
                sys.stdout.buffer.write(b'\\n')
`;

/** Numbers of what is left out of the corpus, which nothing else here has. */
const DUPLICATES = 137;
const OTHER_LABELS = 173;

let folder: string;
let root: string;
let database: Buffer;
/** What workers logged and told the server while they worked. */
let told: string;

/** Everybody's records are known to the attacker, but for one word of one of them. */
function corpusWith(secret: string): string {
  const rows = Array.from({ length: 200 }, (_, i) => `message number ${i} of many,${i % 2 ? 'a' : 'b'}`);
  const again = Array.from(
    { length: DUPLICATES },
    (_, i) => `MESSAGE number ${i} of many,${i % 2 ? 'a' : 'b'}`,
  );
  const others = Array.from({ length: OTHER_LABELS }, (_, i) => `something else ${i},c`);
  return ['text,label', ...rows, ...again, ...others, `the test of Ann was ${secret},a`].join('\n');
}

const configOf = (change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  corpus: { source: join(folder, 'real-corpus.csv'), labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'test' },
  training: { expectedBatchSize: 32, steps: 4, microBatch: 8 },
  sampling: { shards: 2 },
  evaluation: {
    baselines: ['majority', 'zero-shot', 'real-dp', 'real'],
    heldOut: 4,
    proxies: {},
    amounts: [0.5],
    tuning: { space: { updates: [10, 20] } },
  },
  classifier: { kind: 'linear' },
  privacy: { epsilon: 3, ledger: { id: 'clinic', epsilon: 50, delta: 1e-6 } },
  ...change,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-oracle-'));
  const lines: string[] = [];
  const logger = new DefaultLogger('DEBUG', ({ message, meta }) =>
    lines.push(`${message} ${JSON.stringify(meta)}`),
  );
  await writeFile(join(folder, 'real-corpus.csv'), corpusWith('positive'));
  const db = join(folder, 'temporal.sqlite');
  const cluster = await startFakeCluster({ dbFilename: db }, logger);
  ({ root } = cluster);
  try {
    await runAll(cluster, lines);
    // Of the whole store before it goes.
    await promisify(execFile)('cp', ['-r', root, join(folder, 'store')]);
  } finally {
    await cluster.stop();
  }
  told = lines.join('\n');
  const { stdout } = await promisify(execFile)('python3', ['-c', DUMP, db], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  });
  database = stdout;
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** An experiment, a sweep and a tick of a schedule; what their activities tell is added to `lines`. */
async function runAll({ env }: FakeCluster, lines: string[]): Promise<void> {
  const { client } = env;
  const start = (workflowId: string, type: string, input: object) =>
    client.workflow.start(type, { workflowId, taskQueue: TaskQueue.control, args: [input] });
  const handles = [
    await start('known', WorkflowType.experiment, configOf()),
    await start('swept', WorkflowType.sweep, {
      experiment: configOf(),
      grid: { 'privacy.epsilon': [1, 2] },
    }),
  ];
  await createSchedule({ client, id: 'weekly', config: configOf({ seed: 5 }), times: { every: '168h' } });
  await triggerSchedule({ client, id: 'weekly' });
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const id of ['known', 'swept-epsilon-1', 'weekly-v1']) {
        const found = await client.workflow
          .getHandle(id)
          .describe()
          .catch(() => null);
        for (const { heartbeatDetails } of found?.raw.pendingActivities ?? [])
          for (const { data } of heartbeatDetails?.payloads ?? [])
            lines.push(Buffer.from(data ?? []).toString());
      }
      await sleep(20);
    }
  })();
  await Promise.all(handles.map((handle) => handle.result()));
  const version = () =>
    client.workflow
      .getHandle('weekly-v1')
      .describe()
      .then(
        ({ status }) => status.name,
        () => '',
      );
  await vi.waitFor(async () => expect(await version()).toBe('COMPLETED'), {
    timeout: 120_000,
    interval: 200,
  });
  isOver = true;
  await watching;
}

/** All that is computed from these bytes and could be compared with a guess. */
function fingerprints(content: Uint8Array): Buffer[] {
  return ['sha256', 'sha1', 'md5'].flatMap((algorithm) => {
    const digest = createHash(algorithm).update(content).digest();
    const hex = digest.toString('hex');
    return [digest, Buffer.from(hex.slice(0, 16)), Buffer.from(digest.toString('base64').slice(0, 20))];
  });
}

async function filesBelow(path: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file)] as const)));
}

it('no digest of a private artifact stands in the database of the server', async () => {
  const files = await filesBelow(join(folder, 'store/private'));
  expect(files.size).toBeGreaterThan(60);
  for (const [file, content] of files)
    for (const print of fingerprints(content)) expect(database.includes(print), file).toBe(false);
});

it('whoever knows all but one word cannot tell the true one from another', () => {
  expect(database.includes('real-corpus.csv')).toBe(true);
  for (const secret of ['positive', 'negative']) {
    const bytes = Buffer.from(corpusWith(secret));
    const { corpus, seed } = parseExperiment(configOf());
    const { train, test, unitSet } = prepareCorpus({ bytes, corpus, seed });
    const guesses = [bytes, ...[train, test].map((part) => Buffer.from(formatRecords(part)))];
    for (const guess of guesses)
      for (const print of fingerprints(guess)) expect(database.includes(print)).toBe(false);
    expect(database.includes(unitSet.slice(0, 16))).toBe(false);
    for (const text of [database.toString('latin1'), told]) expect(text).not.toContain(secret);
  }
});

it('no size, time, memory or count of private artifacts is there, but the two public ones', async () => {
  const text = database.toString('latin1');
  expect(text.match(/"keyedDigest":"[0-9a-f]{64}"/g)?.length).toBeGreaterThan(100);
  // Temporal's own marks of local activities hold whole seconds.
  const named = /.{0,80}("(sha256|bytes|peakRssBytes|duplicates|otherLabels)"|"seconds":\d+\.\d).{0,40}/s;
  expect(named.exec(text)?.[0]).toBeUndefined();
  expect(text).not.toMatch(/"rows":\s*\d/);
  const prepared = JSON.parse(
    await readFile(join(folder, 'store/private/known/steps/prepare.json'), 'utf8'),
  ).output;
  expect(text).toContain(`"records":${prepared.records},"testRecords":${prepared.testRecords}`);
  for (const count of [DUPLICATES, OTHER_LABELS, 201 + DUPLICATES + OTHER_LABELS])
    expect(text).not.toMatch(new RegExp(`[:\\[,]\\s*${count}\\s*[,}\\]]`));
});

it('neither do logs and heartbeats hold them', async () => {
  expect(told).toMatch(/"phase":/);
  const files = await filesBelow(join(folder, 'store/private'));
  for (const [file, content] of files) {
    const hex = createHash('sha256').update(content).digest('hex').slice(0, 16);
    expect(told.includes(hex), file).toBe(false);
  }
  expect(told).not.toMatch(/"(sha256|bytes|peakRssBytes|seconds)"/);
});
