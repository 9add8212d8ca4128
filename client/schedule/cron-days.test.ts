import { expect, it } from 'vitest';
import { namesADay } from './cron-days.ts';

const now = new Date('2026-11-28T12:00:00Z');

it.each([
  '0 3 30 2 *',
  '0 3 30,31 FEB *',
  '0 3 31 2,4,6,9,11 MON',
  '0 3 31 APR-APR *',
  'TZ=Europe/Berlin 0 3 30 feb *',
  '0 0 3 30 2 * *',
  '0 3 1 1 * 2020',
  '0 3 27 11 * 2026',
  '0 3 29 2 * 2027',
  '0 3 30/1 2 * # never',
])('%s never comes', (cron) => {
  expect(namesADay(cron, now)).toBe(false);
});

it.each([
  '0 3 * * *',
  '0 3 29 2 *',
  '0 3 31 1-12 *',
  '0 3 30 2,3 *',
  '0 0 3 30 * * *',
  '0 3 28 11 * 2026',
  '0 3 29 2 * 2028',
  '@daily',
  '@every 1h',
  '0 3 L * *',
  'what is this',
  '*/5 * */10 JAN-MAR MON',
])('%s comes, or is for the server to judge', (cron) => {
  expect(namesADay(cron, now)).toBe(true);
});
