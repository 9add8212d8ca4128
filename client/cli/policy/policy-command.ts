import type { Command } from 'commander';
import { BY_OPTION, HOME_OPTION, JSON_OPTION } from '../terminal/options.ts';
import type { SetPolicyOptions, ShowPolicyOptions } from './policy.ts';

export function addPolicyCommand(program: Command): void {
  const policy = program
    .command('policy')
    .description(
      'the policy of the artifact store: which sources are charged to which ledger, and how much a run may spend',
    );
  policy
    .command('show')
    .description('the policy in force, or all versions with who set them and when')
    .option('--history', 'all versions, the oldest first')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (options: ShowPolicyOptions) => (await import('./policy.ts')).showPolicy(options));
  policy
    .command('set')
    .description(
      'put the policy of a JSON file in force; needs write access to private/operator@1/ of the store',
    )
    .argument('<file>', 'see docs/policy.md, and `dpsynth schema policy`')
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (file: string, options: SetPolicyOptions) =>
      (await import('./policy.ts')).setFromFile(file, options),
    );
}
