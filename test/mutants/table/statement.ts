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
    from: 'if (!agree(stated, derived)) {',
    to: 'if (stated === undefined) {',
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
];
