import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { CancelOptions } from './cancel-run.ts';

export function addCancelCommand(program: Command): void {
  program
    .command('cancel')
    .description('cancel a run or a sweep, and wait until it has stopped; what is done stays')
    .argument('<id>', 'of the run, the sweep or the re-synthesis')
    .option('--local', 'of the embedded server for the home, which is brought up where it does not run')
    .option('--home <folder>', 'with --local: where state is kept (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(cancel);
}

async function cancel(id: string, options: CancelOptions): Promise<void> {
  const { cancelRun } = await import('./cancel-run.ts');
  await cancelRun({ id, options });
}
