import type { Command } from 'commander';
import { integerArgument, JSON_OPTION } from '../terminal/options.ts';
import type { ListOptions } from './list-to-terminal.ts';

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('experiments and sweeps, the newest first, with stage, epsilon and score')
    .option('--local', 'of the embedded server that runs for the home, instead of a cluster')
    .option('--home <folder>', 'with --local: whose server is asked (default: DPSYNTH_HOME, else .dpsynth)')
    .option('--sweep <sweep>', 'only this sweep and its variants')
    .option('--limit <runs>', 'at most so many', integerArgument, 50)
    .option(...JSON_OPTION)
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const { listToTerminal } = await import('./list-to-terminal.ts');
  await listToTerminal(options);
}
