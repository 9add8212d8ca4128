import type { Mutant } from '../mutant.ts';

const STATEMENT = 'engine/privacy/statement.test.ts';

export const STATEMENT_MUTANTS: Mutant[] = [
  {
    name: 'statement: epsilon rounded down',
    file: 'engine/privacy/format-epsilon.ts',
    from: 'Math.ceil(epsilon * unit * (1 - 1e-12))',
    to: 'Math.floor(epsilon * unit * (1 - 1e-12))',
    test: { file: STATEMENT, name: 'never states less' },
    why: 'It would state less than was spent.',
  },
  {
    name: 'statement: a plan is taken at its word',
    file: 'engine/privacy/mechanism-plan.ts',
    from: 'if (!agree(stated, derived))',
    to: 'if (stated === undefined)',
    test: { file: STATEMENT, name: 'epsilon was edited' },
    why: 'A statement proves its plan first.',
  },
  {
    name: 'statement: another noise than that of the gradient',
    file: 'engine/privacy/mechanism-plan.ts',
    from: '(plan.private && plan.adaptiveClipping?.gradientNoiseMultiplier) || plan.noiseMultiplier',
    to: 'plan.noiseMultiplier',
    test: { file: STATEMENT, name: 'adaptive clipping releases' },
    why: 'The gradient has more noise than a step is charged for.',
  },
  {
    name: 'statement: fewer steps than planned',
    file: 'engine/privacy/statement-ran.ts',
    from: 'stepsDone !== null && stepsDone !== plan.steps',
    to: 'stepsDone !== null && stepsDone > plan.steps',
    test: { file: STATEMENT, name: 'of what ran' },
    why: 'It would be a statement of something that did not run.',
  },
  {
    name: 'statement: a choice cheaper than one training',
    file: 'engine/privacy/statement-ran.ts',
    from: 'if (delta <= plan.delta && epsilon < plan.epsilon * (1 - ROUNDING))',
    to: 'if (epsilon < 0)',
    test: { file: STATEMENT, name: 'of what ran' },
    why: 'A wrong composition would be stated.',
  },
  {
    name: 'statement: the epsilon of one trial for that of the choice',
    file: 'engine/privacy/statement.ts',
    from: 'const stated = chosen ?? plan;',
    to: 'const stated = plan;',
    test: { file: STATEMENT, name: 'of what ran' },
    why: 'The best of ten trials costs more than one.',
  },
  {
    name: 'statement: what an attacker gains without delta',
    file: 'engine/privacy/attack-bounds.ts',
    from: '(1 + delta * gain) / (1 + gain)',
    to: '1 / (1 + gain)',
    test: { file: 'engine/privacy/attack-bounds.test.ts' },
    why: 'An attacker may gain more than is said.',
  },
  {
    name: 'statement: the replacement of a unit as its absence',
    file: 'engine/privacy/replace-one-losses.ts',
    from: 'logRatio - logDensityRatio(mechanism, -x)',
    to: 'logRatio',
    test: { file: 'engine/privacy/replace-one.test.ts' },
    why: 'Both units contribute.',
  },
];
