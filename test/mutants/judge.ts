import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';
import { planted } from './plant.ts';
import type { Verdict } from './run-test.ts';

export type Judgement = {
  name: string;
  /**
   * `stale`: the table no longer fits the sources. `untested`: the test does not pass without the fault, or
   * cannot run with it.
   */
  outcome: 'caught' | 'survived' | 'stale' | 'untested';
  detail: string;
  seconds: number;
};

/**
 * Plants one mutant in the folder, runs its test, and puts the file back. `sound` says what the test gives
 * without a fault.
 */
export async function judge(params: {
  folder: string;
  mutant: Mutant;
  sound: (test: Mutant['test']) => Promise<Verdict>;
  run: (test: Mutant['test']) => Promise<Verdict>;
}): Promise<Judgement> {
  const { folder, mutant, sound, run } = params;
  const { name, test } = mutant;
  const begun = performance.now();
  const judged = (outcome: Judgement['outcome'], detail: string): Judgement => ({
    ...{ name, outcome, detail },
    seconds: (performance.now() - begun) / 1000,
  });
  const path = join(folder, mutant.file);
  const source = await readFile(path, 'utf8');
  let faulty: string;
  try {
    faulty = planted(source, mutant);
  } catch (error) {
    return judged('stale', error instanceof Error ? error.message : String(error));
  }
  const before = await sound(test);
  if (before.outcome !== 'passes')
    return judged('untested', `${test.file} without the fault: ${before.detail}`);
  await writeFile(path, faulty);
  try {
    const { outcome, detail } = await run(test);
    if (outcome === 'broken') return judged('untested', detail);
    return judged(outcome === 'fails' ? 'caught' : 'survived', detail);
  } finally {
    await writeFile(path, source);
  }
}
