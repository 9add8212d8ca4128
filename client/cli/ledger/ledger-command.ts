import type { Command } from 'commander';
import { BY_OPTION, HOME_OPTION, JSON_OPTION, numberArgument } from '../terminal/options.ts';

import type { ApproveOptions, LimitOptions } from './change-ledger.ts';
import type { LedgerOptions } from './show-ledger.ts';

export function addLedgerCommand(program: Command): void {
  const ledger = program
    .command('ledger')
    .description(
      'the privacy budget of a corpus over all its runs: what is spent, on what, and what is left',
    );
  ledger
    .command('list')
    .description('the ledgers of the artifact store')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (options: LedgerOptions) => (await import('./show-ledger.ts')).listAll(options));
  ledger
    .command('show')
    .description('what is charged to a ledger and what is left')
    .argument('<id>', 'privacy.ledger.id, or the digest that `dpsynth ledger list` shows')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, options: LedgerOptions) =>
      (await import('./show-ledger.ts')).showOne(id, options),
    );
  ledger
    .command('approve')
    .description(
      'let a stage go on that waits for approval; needs write access to private/operator@1/ of the store',
    )
    .argument('<id>', 'of the ledger')
    .argument('<reservation>', 'as `dpsynth ledger show` names it')
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, reservation: string, options: ApproveOptions) =>
      (await import('./change-ledger.ts')).approve({ id, reservation, options }),
    );
  ledger
    .command('limits')
    .description(
      'set other limits in the policy of the store; needs write access to private/operator@1/ there',
    )
    .argument('<id>', 'of the ledger')
    .requiredOption('--epsilon <epsilon>', 'most that all runs together may reach', numberArgument)
    .requiredOption('--delta <delta>', 'at which epsilon is computed', numberArgument)
    .option('--approve-above <epsilon>', 'a stage above it waits for approval', numberArgument)
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (id: string, options: LimitOptions) =>
      (await import('./change-ledger.ts')).setLimits({ id, options }),
    );
}
