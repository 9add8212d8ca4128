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
