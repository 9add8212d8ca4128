import type { Command } from 'commander';
import { integerArgument, JSON_OPTION } from '../terminal/options.ts';
import type { ListOptions } from './list-to-terminal.ts';

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('list experiments and sweeps, newest first, with stage, epsilon and score')
    .option('--local', 'ask the running embedded server of the home, instead of a cluster')
    .option(
      '--home <folder>',
      'with --local: the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)',
    )
    .option('--sweep <sweep>', 'only this sweep and its variants')
    .option('--limit <runs>', 'the most runs to list', integerArgument, 50)
    .option(...JSON_OPTION)
    .action(list);
}

async function list(options: ListOptions): Promise<void> {
  const { listToTerminal } = await import('./list-to-terminal.ts');
  await listToTerminal(options);
}
