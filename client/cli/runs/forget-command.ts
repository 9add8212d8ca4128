import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { ForgetOptions } from './forget-runs.ts';

export function addForgetCommand(program: Command): void {
  program
    .command('forget')
    .description(
      'settle the privacy budget of an ended run, destroy its key and checkpoints, and list what is left',
    )
    .argument('[id]', 'id of the run, or of a sweep to forget all its runs')
    .option(
      '--expired',
      'forget all unfinished runs older than the policy of the store allows (keepUnfinishedDays)',
    )
    .option(
      '--all',
      'destroy the whole private folder of the run: splits, scores, report and everything else',
    )
    .option('--release', 'with --all: also destroy its release; asks you to type the id of the run')
    .option('--yes', 'with --release: do not ask')
    .option(
      '--local',
      'ask the embedded server of the home, which is started with its workers if it is not running',
    )
    .option(
      '--offline',
      'ask no server: you vouch that the run has stopped, and everything it has reserved is charged in full',
    )
    .option('--home <folder>', 'the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(forget);
}

async function forget(id: string | undefined, options: ForgetOptions, command: Command): Promise<void> {
  const { expired, all, release, local, offline } = options;
  if ((id === undefined) !== (expired === true))
    command.error('error: give either the id of a run or --expired');
  if (expired && (all || release))
    command.error('error: --expired destroys only keys and checkpoints; --all and --release need an id');
  if (release && !all)
    command.error('error: --release needs --all: together they destroy everything that a run has left');
  if (offline && local)
    command.error(
      'error: give either --offline, which asks no server, or --local, which asks the server of the home',
    );
  if (offline && expired)
    command.error('error: --expired asks the server which runs are unfinished, so it cannot be --offline');
  const { forgetOne, forgetAllExpired } = await import('./forget-runs.ts');
  await (id === undefined ? forgetAllExpired(options) : forgetOne({ id, options }));
}
