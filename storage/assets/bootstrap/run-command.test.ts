import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommand } from './run-command.mjs';

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'run-command-'));
  vi.stubEnv('XDG_CACHE_HOME', cache);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

const node = (script: string, options = {}) =>
  runCommand(process.execPath, ['--eval', script], { log: 'x', ...options });
const log = () => join(cache, 'dpsynth', 'logs', 'x.log');

test('a failure shows the end of the output, the status, and where the whole of it is', async () => {
  const failing = node(
    'for (let i = 0; i < 40; i += 1) console.error("line", i, "of it"); process.exitCode = 3;',
  );
  await expect(failing).rejects.toThrow(/failed \(3\)/);
  await expect(failing).rejects.toThrow('line 39 of it');
  await expect(failing).rejects.not.toThrow('line 10 of it');
  await expect(failing).rejects.toThrow(log());
  expect(await readFile(log(), 'utf8')).toContain('line 10 of it');
});

test('lines that are taken as progress stay out of the log', async () => {
  const taken: string[] = [];
  await node('console.log("progress 1"); console.log("news");', {
    onLine: (line: string) => line.startsWith('progress') && taken.push(line) > 0,
  });
  expect(taken).toEqual(['progress 1']);
  expect(await readFile(log(), 'utf8')).toMatch(/\nnews\n$/);
});

test('a command that is not there fails with its name', async () => {
  await expect(runCommand('no-such-command', [], { log: 'x' })).rejects.toThrow(/no-such-command.*ENOENT/);
});

test('a command that takes too long is ended', async () => {
  await expect(node('setInterval(() => {}, 1000)', { timeoutMs: 300 })).rejects.toThrow('SIGTERM');
});
