import { expect, it } from 'vitest';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { planExperiment } from '../plan-experiment.ts';
import { calibrateOffThread } from './off-thread.ts';

const config = (privacy: object) =>
  parseExperiment({
    corpus: { source: 'x', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 't' },
    privacy,
  });

it('returns the same plan without blocking this thread', async () => {
  const params = { config: config({ epsilon: 0.5 }), records: 60_000, trainableParameters: 10 };
  let beats = 0;
  const timer = setInterval(() => beats++, 10);
  const plan = await calibrateOffThread('planExperiment', params);
  clearInterval(timer);
  expect(plan).toEqual(planExperiment(params));
  expect(beats).toBeGreaterThan(5);
});

it('throws what the calibration throws', async () => {
  const params = { config: config({ delta: 0.5 }), records: 100, trainableParameters: 10 };
  await expect(calibrateOffThread('planExperiment', params)).rejects.toMatchObject({ type: 'InvalidConfig' });
});
