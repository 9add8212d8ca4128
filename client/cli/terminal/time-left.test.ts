import { expect, test } from 'vitest';
import type { StageProgress } from '../../experiment/stage-progress.ts';
import { stageWords } from './stage-line.ts';
import { createTimeLeft } from './time-left.ts';

const NIGHT_MS = 8 * 3_600_000;
const BEGUN = Date.parse('2026-01-01T22:00:00.000Z');

const training = (fraction: number, change: Partial<StageProgress> = {}): StageProgress => ({
  stage: 'finetune',
  status: 'running',
  done: 0,
  of: 1,
  startedAt: new Date(BEGUN).toISOString(),
  endedAt: null,
  attempts: 1,
  cached: 0,
  fraction,
  note: '',
  ...change,
});

/** What is told at the last of these looks, at seconds after `from`. */
function leftAfter(looks: readonly [seconds: number, stage: StageProgress][], from = BEGUN) {
  const left = createTimeLeft();
  let told: number | null = null;
  for (const [seconds, stage] of looks) {
    left.see(stage, from + 1000 * seconds);
    told = left.secondsLeft(stage, from + 1000 * seconds);
  }
  return told;
}

test('the time left follows the observed pace', () => {
  const waiting = training(0, { status: 'waiting', startedAt: null });
  expect(
    leftAfter([
      [0, waiting],
      [1, training(0)],
      [11, training(0.1)],
      [21, training(0.2)],
    ]),
  ).toBeCloseTo(80, 6);
  // Between two steps it counts down.
  expect(
    leftAfter([
      [1, training(0.1)],
      [11, training(0.2)],
      [16, training(0.2)],
    ]),
  ).toBeCloseTo(75, 6);
});

test('a pause before a resume does not count, nor does the work before it', () => {
  const morning = BEGUN + NIGHT_MS;
  const looks: [number, StageProgress][] = [
    // The last word of the attempt before, until the new one has begun.
    [0, training(0.55)],
    [3, training(0)],
    [8, training(0)],
    [12, training(0.5)],
    [22, training(0.6)],
    [32, training(0.7)],
  ];
  expect(leftAfter(looks.slice(0, 4), morning)).toBeNull();
  expect(leftAfter(looks, morning)).toBeCloseTo(30, 6);
  expect(stageWords(training(0.7), morning + 32_000, leftAfter(looks, morning))).toBe(
    '8:00:32 · about 0:30 left',
  );
});

test('a pause while somebody watches does not count either', () => {
  expect(
    leftAfter([
      [0, training(0.1)],
      [10, training(0.2)],
      [NIGHT_MS / 1000, training(0.2)],
      [NIGHT_MS / 1000 + 10, training(0.3)],
    ]),
  ).toBeCloseTo(70, 6);
});

test('the first finished part of several gives the pace, and a finished stage has no time left', () => {
  const sampling = (fraction: number, change: Partial<StageProgress> = {}) =>
    training(fraction, { stage: 'sample', of: 4, ...change });
  const looks: [number, StageProgress][] = [
    [0, sampling(0, { status: 'waiting', startedAt: null })],
    [1, sampling(0)],
    [31, sampling(0.25)],
  ];
  expect(leftAfter(looks)).toBeCloseTo(90, 6);
  expect(leftAfter([...looks, [60, sampling(1, { status: 'done' })]])).toBeNull();
});
