import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from './cli.ts';

const features = (side: string) =>
  fileURLToPath(new URL(`../reference/mauve-a-${side}.npy`, import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-mauve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('mauve prints the scores of two files of embeddings, as mauve-text computes them', async () => {
  const { code, json } = await runCli(['mauve', '--p', features('p'), '--q', features('q'), '--json']);
  expect(code).toBe(0);
  const answer = json() as { mauve: number; frontierIntegral: number };
  expect(Object.keys(answer)).toEqual(['mauve', 'frontierIntegral']);
  expect(answer.mauve).toBeCloseTo(0.714478, 5);
  expect(answer.frontierIntegral).toBeCloseTo(0.123814, 5);
});

it('mauve takes buckets, scaling and seed', async () => {
  const settings = ['--buckets', '20', '--scaling', '2', '--seed', '25'];
  const { stdout } = await runCli(['mauve', '--p', features('p'), '--q', features('q'), ...settings]);
  expect(stdout).toBe(
    'MAUVE 0.9424, frontier integral 0.1115 (500 and 500 texts, 20 buckets, scaling 2, seed 25)\n',
  );
});

it('mauve embeds texts', async () => {
  const files = ['p.txt', 'q.txt'].map((name) => join(folder, name));
  const texts = Array.from({ length: 12 }, (_, i) => `the dog number ${i} sleeps`).join('\n');
  for (const file of files) await writeFile(file, texts);
  const { code, json } = await runCli(['mauve', '--p', files[0], '--q', files[1], '--json']);
  expect(code).toBe(0);
  expect(json()).toEqual({ mauve: expect.closeTo(1, 6), frontierIntegral: 0 });
});

it('mauve names the file that it cannot use', async () => {
  const damaged = join(folder, 'damaged.npy');
  await writeFile(damaged, 'no array');
  for (const [file, message] of [
    [damaged, /damaged\.npy: The \.npy file cannot be read/],
    [join(folder, 'none.npy'), /There is no file .*none\.npy/],
    [join(folder, 'p.csv'), /p\.csv: give a \.npy file/],
  ] as const) {
    const { code, json } = await runCli(['mauve', '--p', features('p'), '--q', file, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({
      error: { type: 'InvalidData', message: expect.stringMatching(message) },
    });
  }
});
