import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { ForgetOptions } from './forget-runs.ts';

export function addForgetCommand(program: Command): void {
  program
    .command('forget')
    .description(
      'settle a run that has ended in its ledgers, then destroy its key and checkpoints; lists what is left',
    )
    .argument('[id]', 'of the run, or of a sweep: then all its runs')
    .option(
      '--expired',
      'all unfinished runs that are older than the policy of the store allows (keepUnfinishedDays)',
    )
    .option('--all', 'destroy the whole private folder of the run: splits, scores, report and all else')
    .option('--release', 'with --all: destroy its release as well; asks for the id of the run')
    .option('--yes', 'with --release: do not ask')
    .option(
      '--local',
      'ask the embedded server of the home, which is brought up with its workers if it does not run',
    )
    .option(
      '--offline',
      'ask no server: you vouch that the run is not under way, and what it has reserved is charged in full',
    )
    .option('--home <folder>', 'where state is kept (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(forget);
}

async function forget(id: string | undefined, options: ForgetOptions, command: Command): Promise<void> {
  const { expired, all, release, local, offline } = options;
  if ((id === undefined) !== (expired === true))
    command.error('error: give either the id of a run or --expired');
  if (expired && (all || release))
    command.error('error: --expired destroys keys and checkpoints only; --all and --release take an id');
  if (release && !all) command.error('error: --release is for --all: it destroys all that a run has left');
  if (offline && local) command.error('error: --offline asks no server, and --local asks that of the home');
  if (offline && expired)
    command.error('error: --expired asks the server which runs are under way; it cannot be --offline');
  const { forgetOne, forgetAllExpired } = await import('./forget-runs.ts');
  await (id === undefined ? forgetAllExpired(options) : forgetOne({ id, options }));
}
