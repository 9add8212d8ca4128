import { describe, expect, it } from 'vitest';
import { accountantSchema } from '../../schemas/privacy.ts';
import { ACCOUNTANTS } from './accountants.ts';
import { planMechanism, planWithoutPrivacy } from './mechanism-plan.ts';
import { privacyStatement, type Ran } from './statement.ts';
import { GENERATOR } from './statement-ran.ts';

const planned = { records: 4128, expectedBatchSize: 128, steps: 40, clippingNorm: 1 };
const plan = planMechanism({ ...planned, target: { noiseMultiplier: 0.8 } });

describe('privacyStatement', () => {
  it('says all that a reader needs to judge it', () => {
    const { line, long, facts } = privacyStatement({ ...plan });
    for (const text of ['zero-out', 'Poisson', '40 steps', 'n 4128', 'PLD']) expect(line).toContain(text);
    for (const text of [
      'Sampler',
      'expected batch 128',
      'Renyi',
      'Not covered',
      'pretraining',
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

  it.each(accountantSchema.options)('names the accountant %s wherever it names one', (accountant) => {
    const { name, words } = ACCOUNTANTS[accountant];
    const { line, long, facts } = privacyStatement(
      planMechanism({ ...planned, target: { noiseMultiplier: 0.8 }, accountant }),
    );
    expect(line).toMatch(new RegExp(`by ${name}\\.$`));
    expect(long.toLowerCase()).toContain(`accounting. ${words} (${name})`.toLowerCase());
    expect(facts).toContainEqual(['accountant', name]);
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

describe('privacyStatement, of neighbours', () => {
  const { long, facts, line } = privacyStatement(plan);

  it('claims zero-out adjacency and nowhere that n may change', () => {
    expect(facts).toContainEqual([
      'neighbouring relation',
      'zero-out: one unit is replaced by one that contributes nothing; n is fixed and public',
    ]);
    expect(`${line} ${long} ${JSON.stringify(facts)}`).not.toMatch(/add(ing)?(\/| or )remov/i);
  });

  it('bounds the replacement of one unit by another as well', () => {
    const stated = Number(facts.find(([name]) => name === 'epsilon of replacing one unit by another')?.[1]);
    expect(stated).toBeGreaterThan(plan.epsilon);
    expect(stated).toBeLessThan(2 * plan.epsilon);
    expect(long).toContain(`epsilon ${stated}, delta 0.0000100)-DP holds if one unit is replaced by another`);
  });

  it('names the unit with its label', () => {
    expect(facts.find(([name]) => name === 'privacy unit')?.[1]).toMatch(
      /all rows .* case and white space.* label/,
    );
  });

  it('says what an attacker may gain, and never that epsilon 8 teaches almost nothing', () => {
    const weak = privacyStatement(planMechanism({ ...planned, target: { epsilon: 8 } }));
    expect(weak.long).not.toMatch(/almost the same|learns almost/);
    expect(weak.long).toMatch(/right with probability at most 99.97%.*weak bound/s);
    const strong = privacyStatement(planMechanism({ ...planned, target: { epsilon: 1 } }));
    expect(strong.long).toMatch(
      /right with probability at most 73.11%.*at most 2.72% of present.*strong bound/s,
    );
  });
});

describe('privacyStatement, of what ran', () => {
  const ran: Ran = {
    codeVersion: '0.1.0',
    adapterDigest: 'a1'.repeat(32),
    stepsDone: 40,
    precision: 'bfloat16',
    generator: GENERATOR,
    accountant: { name: 'PLD of dpsynth', check: 'RDP of dpsynth' },
    ledger: { id: 'corpus-1', limits: { epsilon: 10, delta: 1e-5 }, chargedAfter: 7.1, delta: 1e-5 },
    selection: null,
    chosenFrom: { sweep: 'ranks', trainings: 6, epsilon: 6.5, delta: 1e-5, withoutPrivacy: 1 },
    cachedFrom: 'run-0',
  };
  const refused = expect.objectContaining({ type: 'InvalidConfig' });

  it('carries all of it in words, facts and JSON', () => {
    const { long, facts, ran: kept } = privacyStatement(plan, ran);
    expect(kept).toEqual(ran);
    for (const text of [
      '0.1.0',
      'a1'.repeat(32),
      '40',
      'AES-256-CTR',
      'bfloat16',
      'PLD of dpsynth',
      'RDP of dpsynth',
      'corpus-1',
      '7.1',
      'ranks',
      'run-0',
    ]) {
      expect(long).toContain(text);
      expect(facts.map(([, value]) => value).join('; ')).toContain(text);
    }
  });

  it('states in one line the composed epsilon of all trainings among which this one was chosen', () => {
    expect(privacyStatement(plan, ran).line).toMatch(
      /^\(epsilon 6.5, delta 0.0000100\)-DP.* 6 trainings .* this one alone has epsilon/,
    );
    const alone = privacyStatement(plan, { ...ran, chosenFrom: null });
    expect(alone.line).not.toMatch(/trainings|6\.5/);
    expect(Number(/epsilon ([\d.]+)/.exec(alone.line)?.[1])).toBeGreaterThanOrEqual(plan.epsilon);
  });

  it('says that runs without privacy leave a choice without a bound, and hides the digest of one', () => {
    expect(privacyStatement(plan, ran).long).toMatch(/1 more of its runs had no privacy/);
    const open = planWithoutPrivacy({ records: 4000, expectedBatchSize: 100, steps: 40 });
    const { facts } = privacyStatement(open, { ...ran, adapterDigest: null, chosenFrom: null, ledger: null });
    expect(facts.map(([name]) => name)).not.toContain('adapter SHA-256');
    expect(() => privacyStatement(open, ran)).toThrow(refused);
  });

  it('says where there is no ledger, no choice and no other run', () => {
    const { long, facts } = privacyStatement(plan, {
      ...ran,
      ledger: null,
      chosenFrom: null,
      cachedFrom: null,
    });
    expect(long).toContain('No ledger');
    expect(facts).toContainEqual(['ledger', 'none']);
    expect(facts).toContainEqual(['trained by', 'this run']);
    expect(long).not.toMatch(/Choice\./);
  });

  it.each<[string, Partial<Ran>]>([
    ['fewer steps than planned', { stepsDone: 39 }],
    ['more steps than planned', { stepsDone: 41 }],
    ['no digest', { adapterDigest: '' }],
    ['no generator', { generator: ' ' }],
    ['no code version', { codeVersion: '' }],
    [
      'a choice cheaper than one training',
      { chosenFrom: { sweep: 's', trainings: 2, epsilon: 0.1, delta: 1e-5, withoutPrivacy: 1 } },
    ],
    [
      'a choice among none',
      { chosenFrom: { sweep: 's', trainings: 0, epsilon: 6, delta: 1e-5, withoutPrivacy: 1 } },
    ],
    [
      'a ledger that has not charged the run',
      { ledger: { id: 'x', limits: { epsilon: 10, delta: 1e-5 }, chargedAfter: 0, delta: 1e-5 } },
    ],
    [
      'a ledger at another delta',
      { ledger: { id: 'x', limits: { epsilon: 10, delta: 1e-6 }, chargedAfter: 7, delta: 1e-5 } },
    ],
  ])('refuses %s', (_, change) => {
    expect(() => privacyStatement(plan, { ...ran, ...change })).toThrow(refused);
  });

  it('refuses a run without privacy that is not the planned one, and states no epsilon of it', () => {
    const plain = planWithoutPrivacy({ records: 10, expectedBatchSize: 5, steps: 3 });
    expect(() => privacyStatement(plain, ran)).toThrow(refused);
    const statement = privacyStatement(plain, {
      ...ran,
      adapterDigest: null,
      stepsDone: 3,
      ledger: null,
      chosenFrom: null,
    });
    expect(statement.facts).toContainEqual(['steps done', '3']);
    expect(statement.long).not.toMatch(/epsilon/);
  });
});
