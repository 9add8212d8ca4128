import { invalidConfig } from '../../schemas/errors.ts';
import { namesADay } from './cron-days.ts';

/** When a schedule ticks: at an interval, or at the times of a cron expression in UTC. */
export type ScheduleTimes = { every: string } | { cron: string };

const MS: Record<string, number> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3 };

/**
 * Returns the times in Temporal's form. Throws InvalidConfig for an invalid interval, or a cron expression of
 * days that never come. The server checks the form of cron expressions.
 */
export function scheduleTimes(times: ScheduleTimes) {
  if ('cron' in times) {
    if (!namesADay(times.cron))
      throw invalidConfig(
        `cron ${JSON.stringify(times.cron)} matches no day in the future, so the schedule would never tick. Correct the day, month or year.`,
      );
    return { cronExpressions: [times.cron] };
  }
  const [, count, unit] = /^([1-9]\d*)\s*([smhdw])$/.exec(times.every.trim()) ?? [];
  if (count === undefined)
    throw invalidConfig(
      `every ${JSON.stringify(times.every)} is not an interval. Give one such as 30m, 24h or 7d.`,
    );
  return { intervals: [{ every: Number(count) * MS[unit] }] };
}
