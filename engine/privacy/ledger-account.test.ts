import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { MechanismPart } from '../../schemas/privacy.ts';
import { epsilonOf } from './accountant.ts';
import { accountLedger } from './ledger-account.ts';

// Reference numbers: dp-accounting (Python), PLD composition, Poisson sampling, add/remove one.
type Row = { n: number; batch: number; steps: number; sigma: number };
const references: { parts: Row[]; delta: number; epsilon_pld: number }[] = JSON.parse(
  readFileSync(new URL('../../test/reference/composition.json', import.meta.url), 'utf8'),
);
const partOf = ({ n, batch, steps, sigma }: Row): MechanismPart => ({
  samplingRate: batch / n,
  noiseMultiplier: sigma,
  steps,
});

describe('accountLedger', () => {
  it.each(references)(
    'composes what is charged as the reference does: $epsilon_pld',
    ({ parts, delta, epsilon_pld }) => {
      const [first, ...rest] = parts.map(partOf);
      const limits = { epsilon: 100, delta };
      const { charged, alone, total } = accountLedger({ charged: [first], added: rest, limits });
      const error = total / epsilon_pld - 1;
      expect(error).toBeGreaterThan(-0.001);
      expect(error).toBeLessThan(0.005);
      expect(total).toBeLessThan(charged + alone);
      // A training of many steps charged in pieces costs what it costs in one.
      const half = { ...first, steps: first.steps / 2 };
      const pieces = first.steps % 2 === 0 ? [half, ...rest, half] : parts.map(partOf);
      expect(accountLedger({ charged: pieces, added: [], limits }).charged).toBe(total);
    },
  );

  it('says which noise would fit: with it the limit is met, and with a little less it is not', () => {
    const [training, other] = references[1].parts.map(partOf);
    const limits = { epsilon: 3.5, delta: references[1].delta };
    const { total, fits } = accountLedger({ charged: [other], added: [training], limits });
    expect(total).toBeGreaterThan(limits.epsilon);
    const at = (noiseMultiplier: number) =>
      epsilonOf({ parts: [other, { ...training, noiseMultiplier }], delta: limits.delta });
    expect(at(fits!.noiseMultiplier)).toBeLessThanOrEqual(limits.epsilon);
    expect(at(fits!.noiseMultiplier * 0.999)).toBeGreaterThan(limits.epsilon);
    expect(fits!.epsilon).toBeCloseTo(
      epsilonOf({ parts: [{ ...training, noiseMultiplier: fits!.noiseMultiplier }], delta: limits.delta }),
      6,
    );
  });

  it('says that nothing fits where the budget is spent, and nothing at all where there is room', () => {
    const [training, other] = references[1].parts.map(partOf);
    const at = (epsilon: number) =>
      accountLedger({ charged: [other], added: [training], limits: { epsilon, delta: 1.5e-5 } }).fits;
    expect(at(0.5)).toBeNull();
    expect(at(5)).toBeNull();
  });
});
