import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCli } from './cli.ts';

const PLAN = ['--n', '25000', '--batch', '1024', '--steps', '244', '--delta', '1.5e-5'];

test('account prints the epsilon of a noise multiplier as one JSON object', async () => {
  const { code, stdout } = await runCli(['account', ...PLAN, '--sigma', '1.182', '--json']);
  expect(code).toBe(0);
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual(['epsilon', 'sigma', 'accountant']);
  expect(answer).toMatchObject({ sigma: 1.182, accountant: 'pld' });
  // dp-accounting (Python): 2.99961
  expect(answer.epsilon).toBeGreaterThan(2.9996 * 0.999);
  expect(answer.epsilon).toBeLessThan(2.9997 * 1.005);
});

test('account finds the noise multiplier of an epsilon, and the two ways agree', async () => {
  const calibrated = (await runCli(['account', ...PLAN, '--epsilon', '3', '--json'])).json() as {
    sigma: number;
  };
  const back = await runCli(['account', ...PLAN, '--sigma', String(calibrated.sigma), '--json']);
  const { epsilon } = back.json() as { epsilon: number };
  expect(epsilon).toBeLessThanOrEqual(3);
  expect(epsilon).toBeGreaterThan(2.99);
});

test('a typed error is one line on standard error and one object on standard output, no stack', async () => {
  const { code, stderr, json } = await runCli(['account', ...PLAN, '--epsilon', '0', '--json']);
  expect(code).toBe(1);
  expect(json()).toMatchObject({
    error: { type: 'InvalidConfig', message: expect.stringContaining('epsilon 0') },
  });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/^InvalidConfig: /);
});

test('schema prints the JSON Schema of a workflow, or all of them', async () => {
  const one = (await runCli(['schema', 'experiment'])).json();
  expect(one).toMatchObject({ $schema: expect.any(String), required: ['corpus', 'template'] });
  expect((await runCli(['schema'])).json()).toMatchObject({ experiment: one, sweep: { type: 'object' } });
  expect((await runCli(['schema', 'nothing'])).code).toBe(2);
});

test('--version says the version of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test('wrong usage exits with 2', async () => {
  expect((await runCli(['account', '--n', '10'])).code).toBe(2);
  expect((await runCli(['no-such-command'])).code).toBe(2);
  expect((await runCli(['run'])).code).toBe(2);
  expect((await runCli(['cancel'])).code).toBe(2);
});

test('help names every command and starts quickly', async () => {
  const begun = Date.now();
  const { code, stdout } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const command of [
    'init',
    'run',
    'sweep',
    'schedule',
    'up',
    'list',
    'cancel',
    'forget',
    'schema',
    'plan',
    'account',
    'score',
    'embed',
    'assets',
    'worker',
    'doctor',
  ])
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  expect(Date.now() - begun).toBeLessThan(10_000);
});
