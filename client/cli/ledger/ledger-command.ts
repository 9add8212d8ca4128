import type { Command } from 'commander';
import { BY_OPTION, HOME_OPTION, JSON_OPTION, numberArgument } from '../terminal/options.ts';
import type { ApproveOptions, LimitOptions } from './change-ledger.ts';
import type { LedgerOptions } from './show-ledger.ts';

export function addLedgerCommand(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('show and change the privacy budget of a corpus over all its runs');
  ledger
    .command('list')
    .description('list the ledgers of the artifact store')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (options: LedgerOptions) => (await import('./show-ledger.ts')).listAll(options));
  ledger
    .command('show')
    .description('show what is charged to a ledger, and what is left')
    .argument('<id>', 'id of the ledger: privacy.ledger.id, or the digest that `dpsynth ledger list` shows')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, options: LedgerOptions) =>
      (await import('./show-ledger.ts')).showOne(id, options),
    );
  ledger
    .command('approve')
    .description(
      'approve a reservation, so that its stage continues; needs write access to private/operator@1/ of the store',
    )
    .argument('<id>', 'id of the ledger')
    .argument('<reservation>', 'id of the reservation, as `dpsynth ledger show` lists it')
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, reservation: string, options: ApproveOptions) =>
      (await import('./change-ledger.ts')).approve({ id, reservation, options }),
    );
  ledger
    .command('limits')
    .description(
      'change the limits of a ledger in the policy of the store; needs write access to private/operator@1/ of the store',
    )
    .argument('<id>', 'id of the ledger')
    .requiredOption(
      '--epsilon <epsilon>',
      'the most epsilon that all runs together may reach',
      numberArgument,
    )
    .requiredOption('--delta <delta>', 'the delta at which epsilon is computed', numberArgument)
    .option(
      '--approve-above <epsilon>',
      'a stage with more than this epsilon waits for approval',
      numberArgument,
    )
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, options: LimitOptions) =>
      (await import('./change-ledger.ts')).setLimits({ id, options }),
    );
}
