import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLease } from './lease.ts';

const server = { address: '127.0.0.1:7233', uiUrl: 'http://127.0.0.1:8233' };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-lease-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the second process that serves a home gets the server of the first', async () => {
  const file = join(folder, 'embedded.json');
  const first = await acquireLease(file);
  if ('running' in first) throw new Error('the home was free');
  await first.publish(server);
  expect(await acquireLease(file)).toEqual({ running: server });
});

test('a released lease can be taken again', async () => {
  const file = join(folder, 'embedded.json');
  const first = await acquireLease(file);
  if ('running' in first) throw new Error('the home was free');
  await first.publish(server);
  await first.release();
  expect(await acquireLease(file)).toHaveProperty('publish');
});

test('the lease of a dead process is replaced', async () => {
  const file = join(folder, 'embedded.json');
  // Above the largest process id of Linux: nobody has it.
  await writeFile(file, JSON.stringify({ pid: 2 ** 22 + 1, server }));
  expect(await acquireLease(file)).toHaveProperty('publish');
});
