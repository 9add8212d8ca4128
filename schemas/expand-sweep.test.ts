import { describe, expect, it } from 'vitest';
import { expandSweep } from './expand-sweep.ts';

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

  it('starts an object afresh where its kind changes, and keeps the rest of it where it does not', () => {
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

  it('takes an experiment that only its variants complete', () => {
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

  it('refuses too many variants before it makes them, saying how many', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1);
    expect(() =>
      expand({ grid: { seed: values, 'training.steps': values, 'sampling.records': values } }),
    ).toThrow('1000000000 variants (1000 x 1000 x 1000), and at most 200 are run');
  });

  it('refuses an id that leaves no room for the names of its runs', () => {
    expect(() => expand({ variants: [{ name: 'a' }] }, 'x'.repeat(127))).toThrow(
      /Variant a of the sweep: x+-a cannot name a run/,
    );
  });
});
