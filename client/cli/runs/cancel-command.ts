import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { CancelOptions } from './cancel-run.ts';

export function addCancelCommand(program: Command): void {
  program
    .command('cancel')
    .description('cancel a run or a sweep, and wait until it has stopped; finished steps are kept')
    .argument('<id>', 'id of the run, the sweep or the re-synthesis')
    .option('--local', 'ask the embedded server of the home, which is started if it is not running')
    .option(
      '--home <folder>',
      'with --local: the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)',
    )
    .option(...JSON_OPTION)
    .action(cancel);
}

async function cancel(id: string, options: CancelOptions): Promise<void> {
  const { cancelRun } = await import('./cancel-run.ts');
  await cancelRun({ id, options });
}
