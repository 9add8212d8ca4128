import type { Command } from 'commander';
import { BY_OPTION, HOME_OPTION, JSON_OPTION } from '../terminal/options.ts';
import type { SetPolicyOptions, ShowPolicyOptions } from './policy.ts';

export function addPolicyCommand(program: Command): void {
  const policy = program
    .command('policy')
    .description(
      'show or set the policy of the artifact store: which ledger each source is charged to, and how much a run may spend',
    );
  policy
    .command('show')
    .description('show the policy in force, or all versions with who set them and when')
    .option('--history', 'show all versions, oldest first')
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (options: ShowPolicyOptions) => (await import('./policy.ts')).showPolicy(options));
  policy
    .command('set')
    .description(
      'put the policy in a JSON file into force; needs write access to private/operator@1/ of the store',
    )
    .argument('<file>', 'the JSON file of the policy: see docs/policy.md and `dpsynth schema policy`')
    .option(...BY_OPTION)
    .option(...HOME_OPTION)
    .option(...JSON_OPTION)
    .action(async (file: string, options: SetPolicyOptions) =>
      (await import('./policy.ts')).setFromFile(file, options),
    );
}
