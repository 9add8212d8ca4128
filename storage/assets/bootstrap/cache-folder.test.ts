import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { publishFolder, withLock, withWorkFolder } from './cache-folder.mjs';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'cache-folder-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const moduleUrl = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
const workFolder = () => join(cache, 'dpsynth', 'work');

/**
 * Starts a process that holds a lock and a work folder, with a command that writes to it, until a
 * signal ends it.
 */
async function startHolder() {
  const writer = `setInterval(() => require('node:fs').writeFileSync('part', ''), 1)`;
  const script = `
    const { withLock, withWorkFolder } = await import(${moduleUrl('cache-folder.mjs')});
    const { runCommand } = await import(${moduleUrl('run-command.mjs')});
    await withLock('x', undefined, () => withWorkFolder(async (folder) => {
      setTimeout(() => console.log(folder), 100);
      await runCommand(process.execPath, ['--eval', ${JSON.stringify(writer)}], { log: 'x', cwd: folder });
    }));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  await once(child.stdout, 'data');
  return child;
}

test('two holders of one lock do not overlap', async () => {
  let inside = 0;
  const waits = vi.fn();
  const use = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await sleep(50);
    inside -= 1;
  };
  await Promise.all([withLock('x', waits, use), withLock('x', waits, use)]);
  expect(waits).toHaveBeenCalledTimes(1);
});

test('the lock of a dead process is taken over', async () => {
  const lock = join(cache, 'dpsynth', 'locks', 'x.lock');
  await mkdir(join(lock, '..'), { recursive: true });
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  await expect(withLock('x', undefined, async () => 'done')).resolves.toBe('done');
});

test('a work folder is removed when its use fails', async () => {
  const failing = withWorkFolder(async (folder) => {
    await writeFile(join(folder, 'part'), 'x');
    throw new Error('planted');
  });
  await expect(failing).rejects.toThrow('planted');
  expect(await readdir(workFolder())).toEqual([]);
});

test('Ctrl-C leaves neither work folder nor lock', async () => {
  const child = await startHolder();
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(await readdir(workFolder())).toEqual([]);
  expect(await readdir(join(cache, 'dpsynth', 'locks'))).toEqual([]);
});

test('the next process removes the work folder of a killed one, but not that of a live one', async () => {
  const killed = await startHolder();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await readdir(workFolder())).toHaveLength(1);
  await withWorkFolder(async () => {
    await withWorkFolder(async () => {
      expect(await readdir(workFolder())).toHaveLength(2);
    });
  });
});

test('the first published folder stays', async () => {
  const target = join(cache, 'target');
  for (const text of ['first', 'second']) {
    await mkdir(join(cache, text));
    await writeFile(join(cache, text, 'file'), text);
    await publishFolder(join(cache, text), target);
  }
  expect(await readFile(join(target, 'file'), 'utf8')).toBe('first');
});
