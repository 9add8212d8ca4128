import { describe, expect, it } from 'vitest';
import { expandSweep, trialVariant } from './expand-sweep.ts';
import { sweepSchema } from './sweep.ts';

const experiment = {
  corpus: { source: 'x.csv', labels: ['a', 'b'] },
  template: { form: 'prefix', task: 't' },
  training: { adapter: { method: 'lora', rank: 8 }, steps: 5 },
};
const expand = (sweep: object, run = 's') => expandSweep({ input: { experiment, ...sweep }, run });

describe('expandSweep', () => {
  it('runs every variant at every point of the grid, each a whole experiment with a run of its own', () => {
    const { variants } = expand({
      variants: [{ name: 'lora' }, { name: 'long', set: { training: { steps: 9 } } }],
      grid: { 'privacy.epsilon': [1, 'none'] },
    });
    expect(
      variants.map(({ name, run, config }) => [name, run, config.training.steps, config.privacy.epsilon]),
    ).toEqual([
      ['lora-epsilon-1', 's-lora-epsilon-1', 5, 1],
      ['lora-epsilon-none', 's-lora-epsilon-none', 5, 'none'],
      ['long-epsilon-1', 's-long-epsilon-1', 9, 1],
      ['long-epsilon-none', 's-long-epsilon-none', 9, 'none'],
    ]);
    expect(variants[2].config.training.adapter).toMatchObject({ method: 'lora', rank: 8 });
  });

  it('replaces an object if its kind changes, and otherwise keeps its other fields', () => {
    const { variants } = expand({ grid: { 'training.adapter.method': ['lora', 'prompt'] } });
    expect(variants[0].config.training.adapter).toMatchObject({ method: 'lora', rank: 8 });
    expect(variants[1].config.training.adapter).toMatchObject({ method: 'prompt' });
    expect(variants[1].config.training.adapter).not.toHaveProperty('rank');
  });

  it('knows a kind that the shared experiment leaves to its default', () => {
    const input = {
      experiment: { ...experiment, classifier: { filters: 7 } },
      grid: { 'classifier.kind': ['wordcnn'] },
    };
    expect(expandSweep({ input, run: 's' }).variants[0].config.classifier).toMatchObject({ filters: 7 });
  });

  it('accepts an experiment that only its variants complete', () => {
    const { corpus, ...part } = experiment;
    const input = { experiment: part, variants: [{ name: 'x', set: { corpus } }] };
    expect(expandSweep({ input, run: 's' }).variants[0].config.corpus.source).toBe('x.csv');
  });

  it.each([
    [
      'a bad value',
      { variants: [{ name: 'ok' }, { name: 'odd', set: { privacy: { epsilon: 0 } } }] },
      /Variant odd[\s\S]*privacy\.epsilon/,
    ],
    ['an unknown field', { grid: { 'privacy.sigma': [1] } }, /Variant sigma-1[\s\S]*sigma[\s\S]*privacy/],
    [
      'a field of another method',
      { variants: [{ name: 'p', set: { training: { adapter: { method: 'prompt', rank: 1 } } } }] },
      /Variant p[\s\S]*rank[\s\S]*training\.adapter/,
    ],
    ['two of a name', { variants: [{ name: 'a' }, { name: 'A' }] }, /Two variants of the sweep are named A/],
    ['two of a name by the grid', { grid: { 'template.task': ['x y', 'x-y'] } }, /named task-x-y/],
    ['no variant', {}, /has no variants/],
    ['a name that is no name', { variants: [{ name: 'a/b' }] }, /variants\[0\]\.name/],
    ['a path that is none', { grid: { 'a..b': [1] } }, /grid\["a\.\.b"\]/],
    ['an unknown field of the sweep', { variants: [{ name: 'a' }], repeat: 3 }, /repeat/],
  ])('refuses %s, saying where', (_what, sweep, says) => {
    expect(() => expand(sweep)).toThrow(
      expect.objectContaining({ type: 'InvalidConfig', message: expect.stringMatching(says) }),
    );
  });

  it('refuses too many variants before it makes them, and says how many there are', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    expect(() =>
      expand({ grid: { seed: values, 'training.steps': values, 'sampling.records': values } }),
    ).toThrow('1000000000 variants (1000 x 1000 x 1000), but at most 200 are allowed');
  });

  it('refuses an id that is too long for the names of its runs', () => {
    expect(() => expand({ variants: [{ name: 'a' }] }, 'x'.repeat(127))).toThrow(
      /Variant a of the sweep: x+-a cannot name a run/,
    );
  });
});

describe('a search', () => {
  const open = { ...experiment, corpus: { ...experiment.corpus, testSetIsPublic: true } };
  const rate = { low: 0.001, high: 0.1, scale: 'log' };
  const search = { trials: 5, space: { 'training.learningRate.peak': rate } };
  const given = (change: object, shared: object = open) =>
    expandSweep({ input: { experiment: shared, search: { ...search, ...change } }, run: 's' });

  it('is checked at every value and end of its space, and on every rung', () => {
    const space = {
      'training.adapter': { values: [{ rank: 2 }, { method: 'prompt' }, { rank: 3 }] },
      seed: { low: 1, high: 9, integer: true },
    };
    const { variants } = given({ space, resource: { min: 2, max: 8, factor: 2 } });
    expect(
      variants.map(({ config: { training, seed } }) => [training.adapter.method, training.steps, seed]),
    ).toEqual([
      ['lora', 2, 1],
      ['prompt', 4, 9],
      ['lora', 8, 9],
    ]);
    expect(variants[0].config.training.adapter).toMatchObject({ rank: 2 });
  });

  it('makes a trial with a run of its own', () => {
    const sweep = sweepSchema.parse({ experiment: open, search });
    const place = { index: 6, rung: 0, values: { 'training.learningRate.peak': 0.02 } };
    const { name, run, config } = trialVariant({ sweep, run: 's', place });
    expect([name, run, config.training.learningRate.peak]).toEqual(['t007', 's-t007', 0.02]);
  });

  it.each([
    [
      'a value that no field may have',
      { space: { 'privacy.epsilon': { values: [1, 0] } } },
      /t001 \(\{"privacy.epsilon":0\}\)[\s\S]*privacy\.epsilon/,
    ],
    [
      'an end that no field may have',
      { space: { 'training.steps': { low: 0.5, high: 3 } } },
      /training\.steps/,
    ],
    ['a range upside down', { space: { seed: { low: 3, high: 3 } } }, /low 3 must be below high 3/],
    [
      'a logarithm of nothing',
      { space: { 'template.x': { low: 0, high: 3, scale: 'log' } } },
      /low 0 must be above 0/,
    ],
    ['parts of whole numbers', { space: { seed: { low: 0.5, high: 3, integer: true } } }, /whole numbers/],
    ['an empty space', { space: {} }, /no field to search/],
    [
      'a resource that is searched',
      { space: { 'training.steps': { values: [3] } }, resource: { min: 1, max: 2 } },
      /which search.resource sets/,
    ],
    ['a resource upside down', { resource: { min: 3, max: 2 } }, /min 3 must not be above max 2/],
    ['scores without privacy', { space: { 'privacy.epsilon': { values: [3, 'none'] } } }, /without DP/],
    ['a loss that is not measured', { objective: { metric: 'heldOutLoss' } }, /evaluation\.heldOut is 0/],
    ['too many trials', { trials: 501 }, /search\.trials/],
  ])('refuses %s', (_what, change, says) => {
    expect(() => given(change)).toThrow(
      expect.objectContaining({ type: 'InvalidConfig', message: expect.stringMatching(says) }),
    );
  });

  it('refuses to decide by private scores, and to be combined with named variants', () => {
    expect(() => given({}, experiment)).toThrow('corpus.testSetIsPublic');
    expect(() => expand({ experiment: open, search, variants: [{ name: 'a' }] })).toThrow(
      'together with variants or grid',
    );
    expect(() => expandSweep({ input: { experiment: open, search }, run: 'x'.repeat(125) })).toThrow(
      'is too long for names of runs',
    );
  });
});
