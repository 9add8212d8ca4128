import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import { planExperiment } from './plan-experiment.ts';

const plan = (
  change: {
    privacy?: object;
    training?: object;
    corpus?: object;
    sampling?: object;
    selection?: object;
  } = {},
  trainableParameters = 230_400,
  records = 4000,
) =>
  planExperiment({
    config: parseExperiment({
      corpus: { source: 'x', labels: ['a', 'b'] },
      template: { form: 'prefix', task: 't' },
      ...change,
    }),
    records,
    trainableParameters,
  });

describe('planExperiment', () => {
  it('states the noise of one update in clipping norms: sigma * sqrt(d) / expected batch', () => {
    const { mechanism, noiseToClippingRatio } = plan();
    expect(noiseToClippingRatio).toBeCloseTo((mechanism.noiseMultiplier * Math.sqrt(230_400)) / 128, 12);
  });

  it('warns, and says what helps, only where the noise drowns the signal', () => {
    expect(plan().warnings).toEqual([]);
    expect(plan({}, 23_040_000).warnings).toEqual([
      expect.stringMatching(/expect no gain.*fewer trainable parameters/),
    ]);
  });

  it('warns of labels that no synthetic text will have', () => {
    const labels = Array.from({ length: 77 }, (_, i) => `intent_${i}`);
    const corpus = { source: 'x', labels };
    expect(plan({ corpus, sampling: { records: 77 } }).warnings).toEqual([]);
    expect(plan({ corpus, sampling: { records: 50 } }).warnings).toEqual([
      expect.stringMatching(
        /^27 of 77 labels get no synthetic text, since sampling\.records is 50: intent_50, .* and 17 more\./,
      ),
    ]);
  });

  it('plans adaptive clipping, and its signal has the noise of the gradient', () => {
    const { mechanism, noiseToClippingRatio } = plan({
      privacy: { clipping: { kind: 'per-layer', adaptive: { countNoise: 1 } } },
    });
    const ofGradient = (mechanism.noiseMultiplier ** -2 - 2 ** -2) ** -0.5;
    expect(mechanism).toMatchObject({ clipping: 'per-layer', adaptiveClipping: { quantile: 0.5 } });
    expect(noiseToClippingRatio).toBeCloseTo((ofGradient * Math.sqrt(230_400)) / 128, 9);
    expect(plan().mechanism).toMatchObject({ clipping: 'flat', adaptiveClipping: null });
  });

  it('refuses a delta that protects nobody', () => {
    expect(() => plan({ privacy: { delta: 0.01 } })).toThrow(
      expect.objectContaining({ type: 'InvalidConfig' }),
    );
  });

  it.each([
    [2e-5, 4000, 0],
    [2.6e-5, 4000, 1],
    [undefined, 10_000, 0],
    [undefined, 10_001, 1],
  ])('warns of a delta above 1/(10 n): delta %s, n %d', (delta, records, count) => {
    const { warnings } = plan({ privacy: { delta, epsilon: 8 } }, 100, records);
    expect(warnings.filter((line) => /above 1\/\(10 n\)/.test(line))).toHaveLength(count);
  });

  it('says where the calibrated noise does not meet the epsilon that was asked for', () => {
    const { warnings } = plan({ privacy: { epsilon: 1e9 }, training: { steps: 2 } }, 100);
    expect(warnings.join()).toMatch(/Epsilon is .* not 1000000000.*least noise/);
  });

  it('plans no noise and no epsilon without privacy', () => {
    expect(plan({ privacy: { epsilon: 'none' } })).toMatchObject({
      mechanism: { private: false, noiseMultiplier: 0, epsilon: null },
      noiseToClippingRatio: 0,
      warnings: [],
    });
  });

  it('plans a selection beside fine-tuning in one calibration: more noise for both, the same epsilon', () => {
    const alone = plan({ privacy: { epsilon: 3 } }).mechanism;
    const { mechanism, selection } = plan({ privacy: { epsilon: 3 }, selection: {} });
    expect(mechanism.noiseMultiplier / alone.noiseMultiplier).toBeCloseTo(1.1, 6);
    expect(mechanism.epsilon).toBeCloseTo(3, 2);
    expect(selection).toMatchObject({ private: true, epsilon: mechanism.epsilon });
    const { noiseMultiplier } = selection!;
    expect(mechanism).toMatchObject({ otherParts: [{ samplingRate: 1, noiseMultiplier, steps: 1 }] });
  });

  it('gives the whole budget to the selection if nothing is fine-tuned', () => {
    const only = { privacy: { epsilon: 3 }, selection: {}, training: { steps: 0 } };
    const { mechanism, selection, trainableParameters, warnings } = plan(only);
    expect(selection).toMatchObject({ private: true, otherParts: [] });
    expect(mechanism).toMatchObject({ samplingRate: 1, steps: 1, otherParts: [] });
    expect(mechanism.noiseMultiplier).toBe(selection!.noiseMultiplier);
    expect(mechanism.epsilon).toBeCloseTo(3, 2);
    expect(trainableParameters).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('refuses to fine-tune nothing without a selection', () => {
    expect(() => plan({ training: { steps: 0 } })).toThrow(/nothing learns from the corpus/);
  });
});
