import { expect, test } from 'vitest';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { finetuneStep } from './finetune.ts';
import { planExperiment } from './plan-experiment.ts';

const deps = { store: { uri: 'file:///store' } } as ActivityDeps;
const ref = { uri: 'file:///train', keyedDigest: 'ab'.repeat(32), mediaType: 'application/jsonl' };

function job(change: object) {
  const config = parseExperiment({
    corpus: { source: 'x.csv', labels: ['a', 'b'] },
    template: { form: 'chat', descriptions: { a: 'one', b: 'two' }, ...change },
  });
  const plan = planExperiment({ config, records: 4000, trainableParameters: 10 }).mechanism;
  return finetuneStep(deps).job({ run: 'run', config, train: ref, plan, microBatch: 1 });
}

test('attributes change nothing of a training: neither its draws and noise nor what a ledger is charged', () => {
  const attributes = { a: ['x', 'y'], b: ['z'] };
  const varied = job({ instruction: 'Write {description} about {attribute}.', attributes, plainShare: 0.3 });
  expect(JSON.stringify(varied)).toBe(JSON.stringify(job({})));
  expect(varied.template).toMatchObject({ instruction: 'Write {description}.' });
});
