import { expect, it } from 'vitest';
import { parseResynthesis } from './parse-resynthesis.ts';

const experiment = {
  corpus: { source: 'a.csv', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 'test' },
};

it('fills in the defaults', () => {
  expect(parseResynthesis({ release: 'weekly', experiment })).toMatchObject({
    ...{ release: 'weekly', mode: 'full', experiment: { model: 'smollm2-135m' } },
  });
});

it.each([
  [{ release: 'a/b' }, /release/],
  [{ mode: 'daily' }, /mode/],
  [{ experiment: { ...experiment, model: '' } }, /experiment\.model/],
  [{ experiment: { ...experiment, corpus: { ...experiment.corpus, part: 'x/1' } } }, /corpus\.part/],
  [{ experiment: { ...experiment, privacy: { ledger: { epsilon: 8, delta: 1e-6 } } } }, /ledger\.id/],
])('refuses %j', (change, message) => {
  expect(() => parseResynthesis({ release: 'weekly', experiment, ...change })).toThrow(message);
});
