import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, startUp } from './cli.ts';

let home: string;
let up: Awaited<ReturnType<typeof startUp>>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-bad-input-'));
  up = await startUp(home);
}, 180_000);

afterAll(async () => {
  await up?.stop();
  await rm(home, { recursive: true, force: true });
}, 90_000);

const SECRET = 'zanzibar';
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');
const good = (i: number) => `"the ${SECRET} record number ${i} says a thing",${i % 2 === 0 ? 'a' : 'b'}`;

type Case = { name: string; csv: string | Uint8Array; config?: object; type: string; says: RegExp };

const cases: Case[] = [
  {
    name: 'a missing label column',
    csv: `text,kind\n${rows(200, good)}`,
    type: 'InvalidData',
    says: /label/,
  },
  {
    name: 'one class only',
    csv: `text,label\n${rows(200, (i) => `"${SECRET} ${i}",a`)}`,
    type: 'InvalidData',
    says: /fewer than two of the labels/,
  },
  {
    name: 'empty texts',
    csv: `text,label\n${rows(200, (i) => `" ",${i % 2 ? 'a' : 'b'}`)}`,
    type: 'InvalidData',
    says: /empty/,
  },
  {
    name: 'invalid UTF-8',
    csv: Buffer.concat([
      Buffer.from(`text,label\n${rows(200, good)}\n"`),
      Buffer.of(0xc3, 0x28),
      Buffer.from('",a\n'),
    ]),
    type: 'InvalidData',
    says: /UTF-8.*line 202/s,
  },
  {
    name: 'a dataset of 10 rows',
    csv: `text,label\n${rows(10, good)}`,
    type: 'InvalidData',
    says: /records/,
  },
  {
    name: 'delta above 1/n',
    csv: `text,label\n${rows(200, good)}`,
    config: { privacy: { delta: 0.5 } },
    type: 'InvalidConfig',
    says: /delta 0.5/,
  },
  {
    name: 'epsilon 0',
    csv: `text,label\n${rows(200, good)}`,
    config: { privacy: { epsilon: 0 } },
    type: 'InvalidConfig',
    says: /privacy\.epsilon/,
  },
  {
    name: 'an unknown field',
    csv: `text,label\n${rows(200, good)}`,
    config: { training: { epochs: 3 } },
    type: 'InvalidConfig',
    says: /epochs[\s\S]*training/,
  },
];

describe.each(cases)('$name', ({ csv, config, type, says }) => {
  test('gets one clear error that holds no private text, and nothing is released', {
    timeout: 120_000,
  }, async () => {
    const folder = await mkdtemp(join(home, 'case-'));
    const corpus = join(folder, 'corpus.csv');
    const path = join(folder, 'experiment.json');
    await writeFile(corpus, csv);
    await writeFile(
      path,
      JSON.stringify({
        name: 'bad',
        corpus: { source: corpus, labels: ['a', 'b'] },
        template: { form: 'prefix', task: 'notes' },
        training: { expectedBatchSize: 8, steps: 2 },
        ...config,
      }),
    );
    const { code, stdout, stderr } = await runCli(['run', path, '--local', '--home', home, '--json']);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ type, message: expect.stringMatching(says) });
    expect(error.message.length).toBeLessThan(600);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await filesUnder(join(home, 'artifacts', 'release'))).toEqual([]);
  });
});

async function filesUnder(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}
