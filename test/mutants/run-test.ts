import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mutant } from './mutant.ts';

/**
 * What a test says of the code as it stands. `fails`: a test of it ran and did not hold. `broken`: no test
 * ran, or the code does not load or run at all, so nothing was tested.
 */
export type Verdict = { outcome: 'passes' | 'fails' | 'broken'; detail: string };

/** The part of vitest's JSON report that is read. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});
export type Report = z.infer<typeof reportSchema>;

const TIMEOUT_MS = 300_000;

/** Runs one test file, or some tests of it, in a folder that holds the repository. */
export async function runTest(params: { folder: string; test: Mutant['test'] }): Promise<Verdict> {
  const { folder, test } = params;
  const scratch = await mkdtemp(join(tmpdir(), 'dpsynth-verdict-'));
  const report = join(scratch, 'report.json');
  const named = test.name === undefined ? [] : ['--testNamePattern', test.name];
  const options = ['--maxWorkers=1', '--reporter=json', `--outputFile=${report}`, '--cache=false'];
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', test.file, ...named, ...options],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS },
  );
  let errors = '';
  child.stderr.on('data', (bytes) => {
    errors = `${errors}${bytes}`.slice(-4000);
  });
  await new Promise((resolve) => child.once('close', resolve));
  const text = await readFile(report, 'utf8').catch(() => null);
  await rm(scratch, { recursive: true });
  if (text === null) return { outcome: 'broken', detail: `vitest gave no report: ${firstLine(errors)}` };
  return verdictOf(reportSchema.parse(JSON.parse(text)));
}

/** Errors of code that cannot run, as opposed to code that does something else. */
const CANNOT_RUN = /^(SyntaxError|ReferenceError|TypeError)\b|Test timed out|Hook timed out/;

export function verdictOf({ testResults }: Report): Verdict {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const failed = ran.filter(({ status }) => status === 'failed');
  const held = failed.find(({ failureMessages }) => !CANNOT_RUN.test(failureMessages[0] ?? ''));
  if (held !== undefined)
    return { outcome: 'fails', detail: `${held.fullName}: ${firstLine(held.failureMessages[0] ?? '')}` };
  if (failed.length > 0) return { outcome: 'broken', detail: firstLine(failed[0].failureMessages[0] ?? '') };
  const suite = testResults.find(({ status }) => status === 'failed');
  if (suite !== undefined)
    return { outcome: 'broken', detail: `it does not load: ${firstLine(suite.message)}` };
  if (ran.length === 0) return { outcome: 'broken', detail: 'no test of that name' };
  return { outcome: 'passes', detail: `${ran.length} tests` };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0].slice(0, 160);
}
