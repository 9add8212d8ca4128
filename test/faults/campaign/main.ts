import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { integerArgument, JSON_OPTION } from '../../../client/cli/terminal/options.ts';
import { seededRandom } from '../../../engine/data/seeded-random.ts';
import { fullDisk } from './full-disk.ts';
import { endMarked, markedEnvironment } from './marked-processes.ts';
import { outOfMemory } from './out-of-memory.ts';
import { randomFaults } from './random-faults.ts';
import { s3Outage } from './s3-outage.ts';
import { createTally } from './tally.ts';

/** What the environment of all that a campaign starts carries, with the name of a part of it. */
const MARK = `dpsynth-${process.pid}`;

type Options = { faults: number; seed: number; json?: boolean };

// Real processes, real signals, a real server and a full disk: a run of it takes about half an hour.
const program = new Command('npm run test:faults --')
  .description('Disturbs experiments and a sweep, and holds what they release against undisturbed runs.')
  .option('--faults <count>', 'at random moments, beside those of S3, disk and memory', integerArgument, 30)
  .option('--seed <number>', 'of the moments and their order (default: any)', integerArgument, randomInt(1e6))
  .option(...JSON_OPTION)
  .action(campaign);

async function campaign({ faults, seed, json }: Options): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const begun = performance.now();
  const tell = (line: string) => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.error(`[${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}] ${line}`);
  };
  const tally = createTally(tell);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => endMarked(MARK).finally(() => process.exit(130)));
  // For the S3 server, which takes its environment from here.
  Object.assign(process.env, markedEnvironment(MARK));
  const root = await mkdtemp(join(tmpdir(), 'dpsynth-campaign-'));
  const place = (name: string) => ({
    ...{ folder: join(root, name), mark: `${MARK}-${name}`, tally },
  });
  tell(`seed ${seed}; state and logs in ${root}`);
  await randomFaults({ ...place('random'), faults, random: seededRandom(seed) });
  await fullDisk(place('disk'));
  await outOfMemory(place('memory'));
  await s3Outage(place('s3'));

  const { lost, chargedTwice, uncharged, orphans } = tally.figures;
  const isClean = lost + chargedTwice + uncharged + orphans === 0;
  // What went wrong is looked for there.
  if (isClean) await rm(root, { recursive: true });
  for (const why of tally.notRun) tell(`not run: ${why}`);
  const { notRun, figures } = tally;
  const result = notRun.length > 0 ? { ...figures, notRun } : figures;
  console.log(
    json
      ? JSON.stringify(result)
      : `${figures.faults} faults; lost ${lost}, charged twice ${chargedTwice}, uncharged ${uncharged}, ` +
          `orphans ${orphans}`,
  );
  process.exitCode = isClean ? 0 : 1;
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
