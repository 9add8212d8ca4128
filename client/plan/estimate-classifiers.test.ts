import { expect, test } from 'vitest';
import { encoderConfig } from '../../engine/encoder/encoder-config.ts';
import type { ExperimentInput } from '../../schemas/experiment.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { classifierSeconds } from './estimate-classifiers.ts';

/** The shape of MiniLM-L6. */
const encoder = encoderConfig({
  vocabulary: 30_522,
  width: 384,
  hidden: 1536,
  blocks: 6,
  heads: 12,
  positions: 512,
  segments: 2,
  activation: 'gelu',
  normEpsilon: 1e-12,
});

const secondsOf = (change: Partial<ExperimentInput>) =>
  classifierSeconds({
    config: parseExperiment({
      corpus: { source: 'wiki-topics', labels: ['a', 'b'] },
      template: { form: 'prefix', task: 't' },
      ...change,
    }),
    encoder,
    records: 7000,
    testRecords: 1700,
  });

const kind = 'encoder' as const;

test('an encoder costs more if more of it is trained or if a row has DP', () => {
  const parts = [{ lastBlocks: 0 }, { lastBlocks: 2 }, 'blocks' as const];
  const costs = parts.map((trained) => secondsOf({ classifier: { kind, trained } }));
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  expect(costs[2]).toBeGreaterThan(1.5 * costs[1]);
  expect(
    secondsOf({ classifier: { kind }, evaluation: { baselines: ['real', 'zero-shot', 'real-dp'] } }),
  ).toBeGreaterThan(costs[1]);
  expect(secondsOf({ classifier: { kind: 'wordcnn' } })).toBeLessThan(costs[0]);
});

test('more blocks than the encoder has are refused before anything starts', () => {
  expect(() => secondsOf({ classifier: { kind, trained: { lastBlocks: 7 } } })).toThrow(
    'classifier.trained asks for the last 7 blocks, but the encoder has 6',
  );
});
