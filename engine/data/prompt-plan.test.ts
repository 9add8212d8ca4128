import { expect, test } from 'vitest';
import { samplingSchema } from '../../schemas/settings/sampling.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import { labelShares } from './label-plan.ts';
import { type Prompt, promptsOf } from './prompt-plan.ts';

const LABELS = ['a', 'b', 'c'];
const A = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'];

function template(plainShare?: number): TemplateConfig {
  return {
    form: 'chat',
    instruction: 'Write {attribute}.',
    descriptions: { a: 'x', b: 'y', c: 'z' },
    attributes: { a: A, b: ['b1', 'b2'] },
    ...(plainShare === undefined ? {} : { plainShare }),
  };
}

function prompts(params: { shards: number; records?: number; plainShare?: number }): Prompt[] {
  const { shards, records = 301, plainShare } = params;
  const sampling = samplingSchema.parse({ records, shards });
  return Array.from({ length: shards }, (_, shard) =>
    promptsOf({ template: template(plainShare), shares: labelShares({ labels: LABELS, sampling, shard }) }),
  ).flat();
}

function counts(of: readonly Prompt[], label: string): Map<string, number> {
  const all = new Map<string, number>();
  for (const prompt of of)
    if (prompt.label === label) all.set(prompt.attribute ?? '', (all.get(prompt.attribute ?? '') ?? 0) + 1);
  return all;
}

test.each([2, 3, 7, 100])('records have the same prompts in %d shards as in one', (shards) => {
  expect(prompts({ shards })).toEqual(prompts({ shards: 1 }));
});

test.each([undefined, 0, 0.1, 0.29, 0.5])(
  'attributes of a label get the same number of records, give or take one, beside a plain share of %s',
  (plainShare) => {
    const all = prompts({ shards: 3, plainShare });
    for (const [label, list] of [
      ['a', A],
      ['b', ['b1', 'b2']],
    ] as const) {
      const of = counts(all, label);
      const each = list.map((attribute) => of.get(attribute) ?? 0);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      const records = [...of.values()].reduce((x, y) => x + y, 0);
      expect(Math.abs((of.get('') ?? 0) - (plainShare ?? 0.1) * records)).toBeLessThanOrEqual(1);
    }
  },
);

test('plain prompts are spread over the records of a label', () => {
  const plain = prompts({ shards: 1, records: 300, plainShare: 0.1 }).filter(
    ({ label, attribute }) => label === 'a' && attribute === undefined,
  );
  expect(plain.map(({ record }) => record)).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, 99]);
});

test('a label without a list, and every label of a template without lists, has the plain prompt alone', () => {
  expect([...counts(prompts({ shards: 1 }), 'c').keys()]).toEqual(['']);
  const shares = labelShares({ labels: LABELS, sampling: samplingSchema.parse({}), shard: 0 });
  const all = promptsOf({ template: { form: 'prefix', task: 't' }, shares });
  expect(all.every((prompt) => !('attribute' in prompt))).toBe(true);
});
