import { formatTime } from '../../../engine/report/format.ts';
import type { ResynthesisMode } from '../../../schemas/resynthesis.ts';
import { readableName } from '../../run-id.ts';
import {
  deleteSchedule,
  pauseSchedule,
  triggerSchedule,
  unpauseSchedule,
} from '../../schedule/change-schedule.ts';
import { createSchedule } from '../../schedule/create-schedule.ts';
import {
  type ListedSchedule,
  listSchedules,
  readSchedule,
  type ScheduleView,
  type Tick,
} from '../../schedule/read-schedule.ts';
import { loadConfig } from '../config/load-config.ts';
import { withServer } from '../server/with-server.ts';

export type ScheduleOptions = { home?: string; json?: boolean };

export type CreateOptions = ScheduleOptions & {
  every?: string;
  cron?: string;
  mode?: ResynthesisMode;
  id?: string;
};

const CHANGE = {
  trigger: { run: triggerSchedule, said: 'ticks now, unless a tick is already running' },
  pause: { run: pauseSchedule, said: 'is paused' },
  unpause: { run: unpauseSchedule, said: 'is unpaused' },
  delete: { run: deleteSchedule, said: 'is deleted. Its versions stay' },
} as const;
export type ScheduleChange = keyof typeof CHANGE;

export async function create(params: { path: string; options: CreateOptions }): Promise<void> {
  const { path, options } = params;
  const { every, cron, mode, json } = options;
  const config = await loadConfig({ path, checkFiles: false });
  const id = options.id ?? readableName(config.name);
  await withServer(options, async ({ client }) => {
    const times = every === undefined ? { cron: cron! } : { every };
    const input = await createSchedule({ client, id, config, times, mode });
    console.log(
      json
        ? JSON.stringify({ id, mode: input.mode })
        : `Scheduled ${id} (${input.mode}). \`dpsynth schedule trigger ${id}\` makes a version now. Workers must be running for it.`,
    );
  });
}

export async function list(options: ScheduleOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const schedules = await listSchedules({ client });
    if (options.json) console.log(JSON.stringify({ schedules }));
    else console.log(schedules.map(scheduleLine).join('\n') || 'No schedules.');
  });
}

export async function show(params: { id: string; options: ScheduleOptions }): Promise<void> {
  const { id, options } = params;
  await withServer(options, async ({ client }) => {
    const view = await readSchedule({ client, id });
    console.log(options.json ? JSON.stringify(view) : scheduleText(view));
  });
}

export async function change(params: {
  id: string;
  change: ScheduleChange;
  options: ScheduleOptions;
}): Promise<void> {
  const { id, options } = params;
  const { run, said } = CHANGE[params.change];
  await withServer(options, async ({ client }) => {
    await run({ client, id });
    console.log(options.json ? JSON.stringify({ id }) : `${id} ${said}.`);
  });
}

function scheduleLine({ id, mode, source, paused, nextAt }: ListedSchedule): string {
  const when = paused ? 'paused' : nextAt === null ? 'no tick planned' : `next ${formatTime(nextAt)}`;
  return `${id}  ${mode}, ${when}, ${source}`;
}

function scheduleText(view: ScheduleView): string {
  const ticks = view.ticks.map((tick) => `  ${formatTime(tick.at)}  ${outcome(tick)}`);
  return [scheduleLine(view), ...(view.note === null ? [] : [view.note]), ...ticks].join('\n');
}

function outcome({ status, result, workflow }: Tick): string {
  if (result === null) return `${(status ?? 'no longer known').toLowerCase()}  ${workflow}`;
  return result.outcome === 'published'
    ? `version ${result.version}, run ${result.run}`
    : `skipped: ${result.reason}${result.why === undefined ? '' : `. ${result.why}`}`;
}
