import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { planted } from './plant.ts';
import { type Report, type Verdict, verdictOf } from './run-test.ts';
import { HARMLESS } from './table/harmless.ts';
import { MUTANTS } from './table/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ALL = [...MUTANTS, ...HARMLESS];
const sourceOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('the table of mutants', () => {
  it.each(ALL)('fits the sources: $name', (mutant) => {
    const source = sourceOf(mutant.file);
    expect(planted(source, mutant)).not.toBe(source);
    const { file, name } = mutant.test;
    expect(sourceOf(file)).toMatch(/from 'vitest'/);
    if (name !== undefined) expect(sourceOf(file)).toMatch(new RegExp(name));
    expect(mutant.why).toMatch(/\.$/);
  });

  it('has a name for each, and one area after the other', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
    const areas = new Set(MUTANTS.map(({ name }) => name.split(':')[0]));
    expect([...areas]).toEqual([
      ...[
        'sampler',
        'noise',
        'clipping',
        'ghost norms',
        'accountant',
        'keys',
        'digests',
        'ledger',
        'policy',
        'gate',
        'history',
        'chain',
      ],
      ...['release', 'statement', 'duplicates', 'schedules', 'selection'],
    ]);
  });
});

const test = (status: string, message?: string) => ({
  status,
  fullName: 'a test',
  failureMessages: message === undefined ? [] : [message],
});
const reportOf = (
  tests: Report['testResults'][number]['assertionResults'],
  status = 'passed',
  message = '',
) => ({
  testResults: [{ status, message, assertionResults: tests }],
});

describe('a verdict', () => {
  it.each([
    ['passes', reportOf([test('passed'), test('skipped')])],
    ['fails', reportOf([test('passed'), test('failed', 'AssertionError: expected 1 to be 2')], 'failed')],
    ['fails', reportOf([test('failed', 'DpsynthError: a sum clipped to 1')], 'failed')],
    ['broken', reportOf([test('failed', 'TypeError: x is not a function')], 'failed')],
    ['broken', reportOf([test('failed', 'Error: Test timed out in 60000ms.')], 'failed')],
    ['broken', reportOf([], 'failed', 'SyntaxError: Unexpected token')],
    ['broken', reportOf([test('skipped')])],
  ])('%s', (outcome, report) => {
    expect(verdictOf(report).outcome).toBe(outcome);
  });
});

describe('a judgement', () => {
  let folder: string;
  const mutant: Mutant = {
    ...{ name: 'x', file: 'source.ts', from: 'right', to: 'wrong' },
    ...{ test: { file: 'source.test.ts' }, why: 'It is wrong.' },
  };
  const contents = () => readFileSync(join(folder, mutant.file), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpsynth-judge-'));
    writeFileSync(join(folder, mutant.file), 'right and good');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  type Outcome = Verdict['outcome'];
  function judged(params: { sound?: Outcome; run: Outcome; from?: string }) {
    const seen: string[] = [];
    const verdict = (outcome: Outcome) => async () => {
      seen.push(contents());
      return { outcome, detail: '' };
    };
    const { sound = 'passes', run, from = mutant.from } = params;
    const judgement = judge({
      folder,
      mutant: { ...mutant, from },
      sound: verdict(sound),
      run: verdict(run),
    });
    return { seen, judgement };
  }

  it('is made with the fault in place, and leaves the file as it was', async () => {
    const { seen, judgement } = judged({ run: 'fails' });
    expect(await judgement).toMatchObject({ name: 'x', outcome: 'caught' });
    expect(seen).toEqual(['right and good', 'wrong and good']);
    expect(contents()).toBe('right and good');
  });

  it.each([
    ['survived', { run: 'passes' }],
    ['untested', { run: 'broken' }],
    ['untested', { sound: 'fails', run: 'fails' }],
    ['stale', { run: 'fails', from: 'left' }],
    ['stale', { run: 'fails', from: ' ' }],
  ] as const)('is "%s" of %j', async (outcome, params) => {
    const { judgement } = judged(params);
    expect((await judgement).outcome).toBe(outcome);
    expect(contents()).toBe('right and good');
  });
});
