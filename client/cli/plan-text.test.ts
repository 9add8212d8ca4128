import { expect, test } from 'vitest';
import { planExperiment } from '../../activities/plan-experiment.ts';
import { parseExperiment } from '../../schemas/parse-experiment.ts';
import { colorsFor } from './colors-for.ts';
import { planText } from './plan-text.ts';

function textOf(corpus: object): string {
  const config = parseExperiment({
    corpus: { source: '/data/notes.csv', labels: ['a', 'b'], ...corpus },
    template: { form: 'prefix', task: 't' },
  });
  const plan = planExperiment({ config, records: 4000, trainableParameters: 30_720 });
  const cost = { trainingPasses: 1, trainingTokens: 1, sampledTokens: 1, minutes: 1 };
  return planText({ ...plan, config, testRecords: 1000, signal: null, cost }, colorsFor({}));
}

test('a plan says where the test records come from and what the declaration on them means', () => {
  const random = textOf({});
  expect(random).toContain('1,000, a random part of the corpus (corpus.testFraction 0.2)');
  expect(random).toContain('private: scores on them stay in the private area, and no search decides by them');
  const own = textOf({ test: '/data/public.csv', testSetIsPublic: true });
  expect(own).toContain('1,000, from /data/public.csv');
  expect(own).toContain('declared public: each of these records may be published, and so may scores on them');
  expect(textOf({ test: { field: 'fold', value: 4 } })).toContain(
    '1,000, the rows of the corpus with fold = 4',
  );
});
