import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endMarked, markedEnvironment, markedProcesses } from './marked-processes.ts';
import { difference } from './release-of.ts';

const calm = { digests: { synthetic: 'a', statement: 'b' }, adapter: [3, 4] };

test.each([
  ['is the same', {}, null],
  ['has the rounding of another micro-batch', { adapter: [3, 4 + 1e-7] }, null],
  ['has another adapter', { adapter: [3, 4.001] }, 'differs in adapter (by 2.0e-4)'],
  ['has an adapter that is no number', { adapter: [3, Number.NaN] }, 'differs in adapter (by NaN)'],
  ['has an adapter with less numbers', { adapter: [3] }, 'differs in adapter (by Infinity)'],
  ['has another corpus', { digests: { synthetic: 'c', statement: 'b' } }, 'differs in synthetic'],
  ['lacks its statement', { digests: { synthetic: 'a' } }, 'differs in statement'],
])('a release that %s', (_, change, expected) => {
  expect(difference(calm, { ...calm, ...change })).toBe(expected);
});

test('adapters of millions of numbers are compared', () => {
  const large = { ...calm, adapter: new Array(5e6).fill(1) };
  expect(difference(large, { ...large, adapter: [...large.adapter.slice(1), 2] })).toMatch(/adapter/);
  expect(difference(large, large)).toBeNull();
});

test('a process is found by the mark of its parent after the parent has gone, and ended', async () => {
  const mark = `dpsynth-test-${process.pid}`;
  const sleeper =
    "require('node:child_process').spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref()";
  const parent = spawn(process.execPath, ['-e', sleeper], {
    env: markedEnvironment(`${mark}-part`),
    stdio: 'ignore',
  });
  await once(parent, 'exit');
  expect(await markedProcesses(mark, 'sleep')).toHaveLength(1);
  expect(await markedProcesses(mark, 'other')).toEqual([]);
  expect(await markedProcesses(mark.slice(0, -1))).toEqual([]);
  await endMarked(mark);
  await expect.poll(() => markedProcesses(mark)).toEqual([]);
});
