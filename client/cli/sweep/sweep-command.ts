import type { Command } from 'commander';
import { JSON_OPTION, PRIVATE_SCORES_OPTION, portArgument } from '../terminal/options.ts';
import type { SweepOptions } from './run-sweep.ts';

export function addSweepCommand(program: Command): void {
  program
    .command('sweep')
    .description('run several variants of one experiment, then compare them in one table')
    .argument('<config>', 'the JSON file of the sweep, such as examples/methods.json')
    .option('--local', 'start the embedded Temporal server and its workers')
    .option(
      '--id <sweep>',
      'id of the sweep (default: name, time and a random suffix); the id of an earlier sweep runs what it has not finished',
    )
    .option(
      '--home <folder>',
      'with --local: the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)',
    )
    .option('--port <port>', 'with --local: port of the Temporal server', portArgument)
    .option('--ui-port <port>', 'with --local: port of the Temporal UI', portArgument)
    .option(...JSON_OPTION)
    .option(...PRIVATE_SCORES_OPTION)
    .action(sweep);
}

async function sweep(path: string, options: SweepOptions): Promise<void> {
  const { runSweep } = await import('./run-sweep.ts');
  await runSweep({ path, options });
}
