import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { JSON_OPTION } from '../../client/cli/terminal/options.ts';
import { copyTree } from './copy-tree.ts';
import { type Judgement, judge } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { runTest, type Verdict } from './run-test.ts';
import { HARMLESS } from './table/harmless.ts';
import { MUTANTS } from './table/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Options = { only: string[]; json?: boolean };

const program = new Command('npm run test:mutants --')
  .description('Plants faults in a copy of the sources, one at a time, and sees whether the tests fall.')
  .option(
    '--only <name>',
    'mutants whose name holds this; may be given again',
    (name, names: string[]) => [...names, name],
    [],
  )
  .option(...JSON_OPTION)
  .action(campaign);

async function campaign({ only, json }: Options): Promise<void> {
  const begun = performance.now();
  const chosen = (mutants: readonly Mutant[]) =>
    mutants.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)));
  const [faults, harmless] = [chosen(MUTANTS), chosen(HARMLESS)];
  if (faults.length + harmless.length === 0)
    throw new Error(`No mutant has a name with ${only.join(' or ')} in it.`);
  const folder = await copyTree(ROOT);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => rm(folder, { recursive: true }).finally(() => process.exit(130)));

  const run = (test: Mutant['test']) => runTest({ folder, test });
  const known = new Map<string, Promise<Verdict>>();
  const sound = (test: Mutant['test']) => {
    const key = JSON.stringify([test.file, test.name]);
    if (!known.has(key)) known.set(key, run(test));
    return known.get(key)!;
  };
  const judgements: (Judgement & { isHarmless: boolean })[] = [];
  for (const mutant of [...faults, ...harmless]) {
    const isHarmless = harmless.includes(mutant);
    const judgement = await judge({ folder, mutant, sound, run });
    judgements.push({ ...judgement, isHarmless });
    const { outcome, detail, seconds } = judgement;
    const count = `${judgements.length}/${faults.length + harmless.length}`;
    const sign = isAsWanted({ ...judgement, isHarmless }) ? '✓' : '✗';
    console.error(`${sign} ${count} ${mutant.name}: ${outcome} (${seconds.toFixed(1)} s). ${detail}`);
  }
  await rm(folder, { recursive: true });

  const wrong = judgements.filter((judgement) => !isAsWanted(judgement));
  const figures = {
    mutants: faults.length,
    caught: judgements.filter(({ isHarmless, outcome }) => !isHarmless && outcome === 'caught').length,
    harmless: harmless.length,
    wrong: wrong.map(({ name, outcome, detail }) => ({ name, outcome, detail })),
    seconds: Math.round((performance.now() - begun) / 1000),
  };
  for (const { name, outcome } of wrong) console.error(`✗ ${name}: ${outcome}`);
  console.log(
    json
      ? JSON.stringify(figures)
      : `${figures.caught} of ${figures.mutants} mutants caught, ${figures.harmless} harmless ones, ` +
          `${wrong.length} not as they should be, ${figures.seconds} s`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

/** A fault is seen; a harmless change is not. */
function isAsWanted({
  isHarmless,
  outcome,
}: {
  isHarmless: boolean;
  outcome: Judgement['outcome'];
}): boolean {
  return outcome === (isHarmless ? 'survived' : 'caught');
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
