import { expect, test } from 'vitest';
import { planMechanism, planWithoutPrivacy } from '../privacy/mechanism-plan.ts';
import { runKeyFromBytes } from '../privacy/run-key.ts';
import { linearClassifier } from './linear.ts';
import { epsilonOfSeeds, planPrivateClassifier } from './plan-classifier.ts';
import { trainClassifier } from './train-classifier.ts';

const architecture = linearClassifier({ config: { buckets: 64, maxTokens: 9 }, classes: 2 });
/** Even buckets have label 0, odd ones label 1. */
const records = Array.from({ length: 80 }, (_, i) => ({ ids: [(i % 16) * 2 + (i % 2)], label: i % 2 }));
const losses = (trained: Float32Array) =>
  architecture.evaluate(trained, records).losses.reduce((sum, loss) => sum + loss, 0) / records.length;

test('equal seeds draw the same records, different seeds different ones', async () => {
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 20, steps: 6 });
  const run = (seed: number) => trainClassifier({ architecture, records, plan, learningRate: 0.1, seed });
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
});

test('a plan for a different number of records is refused', async () => {
  const plan = planWithoutPrivacy({ records: 90, expectedBatchSize: 20, steps: 6 });
  const attempt = trainClassifier({ architecture, records, plan, learningRate: 0.1, seed: 1 });
  await expect(attempt).rejects.toThrow('accounts for 90 records');
});

const stopping = { fraction: 0.1, every: 1, patience: 2 };

test('early stopping under DP is refused', async () => {
  const plan = planMechanism({
    records: records.length,
    expectedBatchSize: 20,
    steps: 3,
    clippingNorm: 1,
    target: { epsilon: 8 },
  });
  const options = { architecture, records, plan, learningRate: 0.1, seed: 1 };
  await expect(
    trainClassifier({ ...options, stopping: { ...stopping, validation: records } }),
  ).rejects.toMatchObject({ type: 'InvalidConfig' });
});

test('early stopping returns the numbers with the lowest held-out loss, not the last ones', async () => {
  const plan = planWithoutPrivacy({ records: records.length, expectedBatchSize: 80, steps: 30 });
  // Held-out records have swapped labels, so every update after the first makes them worse.
  const validation = records.map(({ ids, label }) => ({ ids, label: 1 - label }));
  const seen: number[] = [];
  const options = { architecture, records, plan, learningRate: 0.1, seed: 1 };
  const stopped = await trainClassifier({
    ...options,
    stopping: { ...stopping, validation },
    onUpdate: (done) => seen.push(done),
  });
  expect(seen).toEqual([1, 2, 3]);
  const first = await trainClassifier({
    ...options,
    plan: planWithoutPrivacy({ ...plan, clippingNorm: undefined, steps: 1 }),
  });
  expect(stopped).toEqual(first);
  expect(losses(await trainClassifier(options))).toBeLessThan(losses(stopped));
});

test('a classifier clipped to almost nothing and noised stays near its start; the same without DP does not', async () => {
  const settings = { expectedBatchSize: 40, updates: 10, clippingNorm: 1, learningRate: 0.1 };
  const plan = planPrivateClassifier({
    records: records.length,
    settings,
    budget: { epsilon: 0.05, delta: 1e-3, accountant: 'pld' },
  });
  const options = { architecture, records, learningRate: 0.1, seed: 1 };
  const runKey = runKeyFromBytes(new Uint8Array(32).fill(7));
  const drowned = await trainClassifier({ ...options, plan, runKey });
  await expect(trainClassifier({ ...options, plan })).rejects.toThrow(/needs a secret key/);
  const plain = planWithoutPrivacy({ records: records.length, expectedBatchSize: 40, steps: 10 });
  expect(losses(await trainClassifier({ ...options, plan: plain }))).toBeLessThan(losses(drowned) - 0.1);
});

test('the classifiers of several seeds together cost more than one and less than the sum', () => {
  const settings = { expectedBatchSize: 256, updates: 50, clippingNorm: 1, learningRate: 0.1 };
  const plan = planPrivateClassifier({
    records: 4000,
    settings,
    budget: { epsilon: 3, delta: undefined, accountant: 'pld' },
  });
  expect(epsilonOfSeeds(plan, 1)).toBeCloseTo(plan.epsilon, 3);
  const three = epsilonOfSeeds(plan, 3);
  expect(three).toBeGreaterThan(plan.epsilon * 1.2);
  expect(three).toBeLessThan(plan.epsilon * 3);
});
