import { describe, expect, it } from 'vitest';
import { planMechanism, planWithoutPrivacy } from './mechanism-plan.ts';
import { privacyStatement } from './statement.ts';

const plan = planMechanism({
  records: 4128,
  expectedBatchSize: 128,
  steps: 40,
  clippingNorm: 1,
  target: { noiseMultiplier: 0.8 },
});

describe('privacyStatement', () => {
  it('says all that a reader needs to judge it', () => {
    const { line, long, facts } = privacyStatement({ ...plan });
    for (const text of ['add', 'Poisson', '40 steps', 'n 4128', 'PLD']) expect(line).toContain(text);
    for (const text of [
      'Sampler',
      'expected batch 128',
      'Renyi',
      'Not covered',
      'pretrained',
      'diagnostics',
      'set of labels',
    ]) {
      expect(long).toContain(text);
    }
    expect(facts.map(([name]) => name)).toEqual(
      expect.arrayContaining(['epsilon', 'delta', 'clipping norm C', 'steps']),
    );
  });

  it('names how gradients are clipped, and what adaptive clipping releases beside them', () => {
    const adaptiveClipping = { quantile: 0.7, learningRate: 0.2, countNoise: 3 };
    const adaptive = planMechanism({
      ...plan,
      target: { noiseMultiplier: 0.8 },
      clipping: 'per-layer',
      adaptiveClipping,
    });
    const { long, facts } = privacyStatement(adaptive);
    const ofGradient = (0.8 ** -2 - 6 ** -2) ** -0.5;
    expect(long).toContain(`standard deviation ${ofGradient.toPrecision(4)} times that norm`);
    for (const text of ['sqrt(G)', '0.7 quantile', 'deviation 3.000', 'noise multiplier 0.8000'])
      expect(long).toContain(text);
    expect(facts).toContainEqual(['noise multiplier sigma', '0.800000']);
    expect(facts).toContainEqual(['noise multiplier of the gradient', ofGradient.toPrecision(6)]);
    const flat = privacyStatement(plan);
    expect(JSON.stringify(flat)).not.toMatch(/quantile|adapt(ive|ed) (clip|norm)|sqrt/);
    expect(flat.facts).toContainEqual(['clipping', 'flat']);
  });

  it('never states less than was spent', () => {
    const stated = privacyStatement({ ...plan }).facts.find(([name]) => name === 'epsilon')?.[1];
    expect(Number(stated)).toBeGreaterThanOrEqual(plan.epsilon);
    expect(Number(stated)).toBeLessThan(plan.epsilon * 1.001);
  });

  it('refuses a plan whose epsilon was edited', () => {
    expect(() => privacyStatement({ ...plan, epsilon: 0.1 })).toThrow(
      expect.objectContaining({ type: 'InvalidConfig' }),
    );
  });

  it('calls a run without noise NOT PRIVATE and never DP', () => {
    const statement = privacyStatement(planWithoutPrivacy({ records: 10, expectedBatchSize: 5, steps: 3 }));
    expect(statement.private).toBe(false);
    expect(statement.line).toMatch(/^NOT PRIVATE/);
    expect(JSON.stringify(statement)).not.toMatch(/epsilon|-DP/);
  });
});
