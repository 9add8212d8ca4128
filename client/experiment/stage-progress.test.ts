import { expect, test } from 'vitest';
import type { StageState } from '../../schemas/experiment-state.ts';
import type { Progress } from '../../schemas/jobs.ts';
import { stageProgress } from './stage-progress.ts';

const sample: StageState = {
  stage: 'sample',
  status: 'running',
  done: 1,
  of: 4,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  attempts: 3,
  cached: 0,
};

function lookAt(progresses: Progress[]) {
  const [stage] = stageProgress({
    status: 'RUNNING',
    state: { run: 'r', name: 'n', stages: [sample], plan: null, result: null },
    activities: progresses.map((progress, shard) => ({
      activityType: 'sampleShard',
      activityId: `sample-${shard}-1`,
      attempt: 1,
      running: true,
      progress,
      lastFailure: null,
    })),
    reachable: true,
  });
  return stage;
}

test('a stage shows the progress of its parts, and their combined rate', () => {
  const at = (step: number, value: number): Progress => ({
    phase: 'sample',
    step,
    of: 40,
    rate: { value, unit: 'tokens/s' },
  });
  const { note, fraction } = lookAt([at(10, 150), at(30, 96)]);
  expect(note).toBe('1 of 4, sample 10 of 40, 246 tokens/s');
  expect(fraction).toBeCloseTo((1 + 0.25 + 0.75) / 4, 12);
});

test('a stage whose parts report no rate shows none', () => {
  expect(lookAt([{ phase: 'sample', step: 10, of: 40 }]).note).toBe('1 of 4, sample 10 of 40');
});
