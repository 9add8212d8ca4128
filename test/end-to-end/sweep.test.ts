import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ComparedCell } from '../../client/sweep/read-comparison.ts';
import { runCli, spawnCli } from './cli.ts';

const CONFIG = fileURLToPath(new URL('./tiny-sweep.json', import.meta.url));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-sweep-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const artifact = async (path: string) => JSON.parse(await readFile(join(home, 'artifacts', path), 'utf8'));

test('a sweep that is cut off with Ctrl-C goes on with the same command, and ends with one table', {
  timeout: 400_000,
}, async () => {
  const command = ['sweep', CONFIG, '--local', '--home', home, '--id', 'cut'];
  const child = spawnCli(command);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const before = stderr.includes('▸ two');
    stderr += chunk;
    // Once: a second Ctrl-C kills what is still saving checkpoints.
    if (!before && stderr.includes('▸ two')) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(130);
  expect(stderr).toMatch(/✔ one/);
  expect(stderr).toContain(`Sweep cut is kept in ${home}. \`dpsynth ${command.join(' ')}\` resumes it`);
  // Nothing is released before all runs have ended.
  await expect(artifact('release/cut-one/manifest.json')).rejects.toThrow('ENOENT');
  const trained = await artifact('private/cut-one/steps/finetune.json');

  const again = await runCli([...command, '--json', '--private-scores']);
  // A failed variant is a failed command, which has its table all the same.
  expect(again.code).toBe(1);
  const { cells } = again.json() as { cells: ComparedCell[] };
  expect(cells).toMatchObject([
    { name: 'one', status: 'done', why: null, training: { trainableParameters: 3840 } },
    { name: 'two', status: 'done', why: null, training: { trainableParameters: 7680 } },
    { name: 'bad', status: 'failed', why: expect.stringContaining('delta 0.5') },
  ]);
  // The test set is private: no score is in the history, and all are internal.
  expect(cells[0]).toMatchObject({ published: null, internal: ['majority', 'synthetic'] });
  expect(cells[0].rows.find(({ source }) => source === 'synthetic')?.mean.accuracy).toEqual(
    expect.any(Number),
  );
  expect(await artifact('private/cut-one/steps/finetune.json')).toEqual(trained);
  for (const run of ['cut-one', 'cut-two'])
    expect((await artifact(`release/${run}/statement.json`)).ran.chosenFrom).toMatchObject({
      sweep: 'cut',
      trainings: 2,
    });

  // Nor is any printed for a program that has not asked for it, or into a pipe.
  const score = String(cells[0].rows.find(({ source }) => source === 'synthetic')?.mean.accuracy);
  const plain = await runCli([...command, '--json']);
  expect((plain.json() as { cells: ComparedCell[] }).cells[0]).toMatchObject({ rows: [], internal: [] });
  const piped = await runCli(command);
  expect(again.stdout).toContain(score);
  for (const { stdout } of [plain, piped]) expect(stdout).not.toContain(score);
  expect(piped.stdout).not.toMatch(/Majority|Zero-shot/);
  expect(piped.stdout).toContain('--private-scores');
  expect((await artifact('private/cut-two/steps/prepare.json')).output.cachedFrom).toBe('cut-one');
});
