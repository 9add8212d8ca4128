import { type Command, Option } from 'commander';
import { HOME_OPTION, JSON_OPTION } from '../terminal/options.ts';
import type { CreateOptions, ScheduleChange, ScheduleOptions } from './schedules.ts';

const CHANGES = {
  trigger: 'start a tick now',
  pause: 'start no tick until the schedule is unpaused',
  unpause: 'start ticks again',
  delete: 'delete a schedule; its versions stay',
} as const;

export function addScheduleCommand(program: Command): void {
  const schedule = program
    .command('schedule')
    .description('publish new versions of a synthetic corpus on a schedule, if its records have changed');
  const command = (name: string, description: string) =>
    schedule
      .command(name)
      .description(description)
      .option(...HOME_OPTION)
      .option(...JSON_OPTION);
  const cli = () => import('./schedules.ts');

  command('create', 'create a schedule for an experiment')
    .argument('<config>', 'the JSON file of the experiment')
    .option('--every <interval>', 'time between ticks, such as 30m, 24h or 7d')
    .option('--cron <expression>', "times of the ticks in UTC, such as '0 3 * * MON'")
    .addOption(
      new Option(
        '--mode <mode>',
        'full: all records, if any has changed; incremental: only records that no version has used (default: full)',
      ).choices(['full', 'incremental']),
    )
    .option(
      '--id <id>',
      'id of the schedule and of the release it makes (default: the name of the experiment)',
    )
    .action(async (path: string, options: CreateOptions, self: Command) => {
      if ((options.every === undefined) === (options.cron === undefined))
        self.error('error: give either --every or --cron');
      await (await cli()).create({ path, options });
    });
  command('list', 'list the schedules, and when each ticks next').action(async (options: ScheduleOptions) =>
    (await cli()).list(options),
  );
  command('show', 'show a schedule, and how its last ticks ended')
    .argument('<id>', 'id of the schedule')
    .action(async (id: string, options: ScheduleOptions) => (await cli()).show({ id, options }));
  for (const [name, description] of Object.entries(CHANGES))
    command(name, description)
      .argument('<id>', 'id of the schedule')
      .action(async (id: string, options: ScheduleOptions) =>
        (await cli()).change({ id, change: name as ScheduleChange, options }),
      );
}
