import { type Command, Option } from 'commander';
import { HOME_OPTION, JSON_OPTION } from '../terminal/options.ts';
import type { CreateOptions, ScheduleChange, ScheduleOptions } from './schedules.ts';

const CHANGES = {
  trigger: 'start a tick now',
  pause: 'start no tick until it is unpaused',
  unpause: 'tick again',
  delete: 'end a schedule; its versions stay',
} as const;

export function addScheduleCommand(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('make the synthetic corpus anew where records were added, at set times');
  const command = (name: string, description: string) =>
    schedule
      .command(name)
      .description(description)
      .option(...HOME_OPTION)
      .option(...JSON_OPTION);
  const cli = () => import('./schedules.ts');

  command('create', 'schedule an experiment')
    .argument('<config>', 'JSON file of the experiment')
    .option('--every <interval>', 'such as 30m, 24h, 7d')
    .option('--cron <expression>', "such as '0 3 * * MON', in UTC")
    .addOption(
      new Option(
        '--mode <mode>',
        'full: all records, where any has changed; incremental: records that no version has used (default: full)',
      ).choices(['full', 'incremental']),
    )
    .option(
      '--id <id>',
      'of the schedule and of the release that it makes (default: the name of the experiment)',
    )
    .action(async (path: string, options: CreateOptions, self: Command) => {
      if ((options.every === undefined) === (options.cron === undefined))
        self.error('error: give either --every or --cron');
      await (await cli()).create({ path, options });
    });
  command('list', 'the schedules, and when each ticks next').action(async (options: ScheduleOptions) =>
    (await cli()).list(options),
  );
  command('show', 'a schedule with its last ticks and what they ended with')
    .argument('<id>', 'of the schedule')
    .action(async (id: string, options: ScheduleOptions) => (await cli()).show({ id, options }));
  for (const [name, description] of Object.entries(CHANGES))
    command(name, description)
      .argument('<id>', 'of the schedule')
      .action(async (id: string, options: ScheduleOptions) =>
        (await cli()).change({ id, change: name as ScheduleChange, options }),
      );
}
