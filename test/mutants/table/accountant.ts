import type { Mutant } from '../mutant.ts';

const ACCOUNTANT = 'engine/privacy/accountant.test.ts';
const PLAN = 'engine/privacy/mechanism-plan.test.ts';
const DIRECTIONS = 'engine/privacy/accountant-directions.test.ts';

export const ACCOUNTANT_MUTANTS: Mutant[] = [
  {
    name: 'accountant: epsilon of removing alone',
    file: 'engine/privacy/pld-accountant.ts',
    from: 'if (most <= epsilon) return epsilon;',
    to: 'if (most > -1) return epsilon;',
    test: { file: DIRECTIONS },
    why: 'The guarantee holds for the worse of two directions.',
  },
  {
    name: 'accountant: delta of removing alone',
    file: 'engine/privacy/privacy-loss.ts',
    from: "DIRECTIONS: readonly Direction[] = ['remove', 'add'];",
    to: "DIRECTIONS: readonly Direction[] = ['remove'];",
    test: { file: DIRECTIONS },
    why: 'The guarantee holds for the worse of two directions.',
  },
  {
    name: 'accountant: a step less than planned',
    file: 'engine/privacy/pld-power.ts',
    from: 'logs[k] += (steps * (mass > 0',
    to: 'logs[k] += ((steps - 1) * (mass > 0',
    test: { file: ACCOUNTANT, name: 'against a peer' },
    why: 'Every step is charged.',
  },
  {
    name: 'accountant: too much amplification',
    file: 'engine/privacy/privacy-loss.ts',
    from: 'Math.log1p(q * Math.expm1(y));',
    to: 'Math.log1p(0.98 * q * Math.expm1(y));',
    test: { file: ACCOUNTANT, name: 'against a peer' },
    why: 'Epsilon would be below the truth.',
  },
  {
    name: 'accountant: losses rounded down',
    file: 'engine/privacy/pld.ts',
    from: 'const share = -Math.expm1(-above) / cellMass;',
    to: 'const share = 0;',
    test: { file: 'engine/privacy/pld.test.ts' },
    why: 'Rounding is never below the truth.',
  },
  {
    name: 'accountant: mechanisms of one composition left out',
    file: 'engine/privacy/pld-power.ts',
    from: 'logs[k] += (steps',
    to: 'logs[k] = (steps',
    test: { file: ACCOUNTANT, name: 'composes unlike mechanisms' },
    why: 'What else is charged counts.',
  },
  {
    name: 'accountant: noise that misses the target',
    file: 'engine/privacy/calibration.ts',
    from: 'search(lossAt, { target: epsilon,',
    to: 'search(lossAt, { target: epsilon * 1.01,',
    test: { file: 'engine/privacy/calibration.test.ts', name: 'never above the target' },
    why: 'The epsilon asked for is a bound.',
  },
  {
    name: 'accountant: delta of 1/n',
    file: 'engine/privacy/delta.ts',
    from: 'if (delta >= 1 / records) {',
    to: 'if (delta > 1 / records) {',
    test: { file: PLAN, name: 'refuses' },
    why: 'Delta of 1/n allows one record to be published.',
  },
  {
    name: 'accountant: other mechanisms of a plan not charged',
    file: 'engine/privacy/mechanism-plan.ts',
    from: 'const parts = [{ samplingRate, noiseMultiplier, steps }, ...otherParts];',
    to: 'const parts = [{ samplingRate, noiseMultiplier, steps }];',
    test: { file: PLAN, name: 'tampered' },
    why: 'A label histogram is part of the budget.',
  },
  {
    name: 'accountant: a stored plan is taken at its word',
    file: 'engine/privacy/mechanism-plan.ts',
    from: 'if (!agree(stated, derived)) {',
    to: 'if (stated === undefined) {',
    test: { file: PLAN, name: 'tampered' },
    why: 'An edited epsilon would be stated.',
  },
  {
    name: 'accountant: PLD above its check',
    file: 'engine/privacy/rdp.ts',
    from: 'const epsilon = divergence + Math.log1p(-1 / order)',
    to: 'const epsilon = 0.97 * divergence + Math.log1p(-1 / order)',
    test: { file: ACCOUNTANT, name: 'against a peer' },
    why: 'The second opinion has to be a bound.',
  },
];
