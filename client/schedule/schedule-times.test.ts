import { expect, it } from 'vitest';
import { scheduleTimes } from './schedule-times.ts';

it('accepts intervals and cron expressions', () => {
  expect(scheduleTimes({ every: '24h' })).toEqual({ intervals: [{ every: 86_400_000 }] });
  expect(scheduleTimes({ every: '2 w' })).toEqual({ intervals: [{ every: 1_209_600_000 }] });
  expect(scheduleTimes({ cron: '0 3 * * *' })).toEqual({ cronExpressions: ['0 3 * * *'] });
});

it.each(['0h', 'daily', '24', '-1h', '1y'])('refuses the interval %s', (every) => {
  expect(() => scheduleTimes({ every })).toThrow(/is not an interval/);
});

it('refuses days that never come: the schedule would never tick', () => {
  expect(() => scheduleTimes({ cron: '0 3 30 2 *' })).toThrow(/never tick/);
});
