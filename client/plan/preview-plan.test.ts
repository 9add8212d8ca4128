import { expect, test } from 'vitest';
import { surveyCorpus } from '../../engine/data/survey-corpus.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { previewPlan } from './preview-plan.ts';

const RECORDS = Array.from({ length: 200 }, (_, i) => ({ text: `record ${i}`, label: i % 2 ? 'a' : 'b' }));
const bytes = Buffer.from(RECORDS.map((record) => JSON.stringify(record)).join('\n'));

const preview = (privacy: object) => {
  const config = parseExperiment({
    corpus: { source: 'corpus.jsonl', labels: ['a', 'b'] },
    template: { form: 'prefix', task: 't' },
    model: 'test/cases/models/qwen3-jinja',
    training: { expectedBatchSize: 32, steps: 4 },
    privacy,
  });
  return previewPlan({ config, bytes, survey: surveyCorpus({ bytes, corpus: config.corpus }) });
};

test('the signal of adaptive clipping is that of the noise on gradients, which the plan states', async () => {
  const { signal, noiseToClippingRatio, mechanism } = await preview({
    clipping: { kind: 'flat', adaptive: { countNoise: 1 } },
  });
  expect(mechanism).toMatchObject({ private: true });
  expect(signal?.noiseToClippingRatio).toBe(noiseToClippingRatio);
});

test('without DP there is no signal to judge', async () => {
  expect((await preview({ epsilon: 'none' })).signal).toBeNull();
});
