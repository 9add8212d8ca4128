import type { Mutant } from '../mutant.ts';

/**
 * Changes that look like faults and are none: the named test has to pass. They are here so that nobody looks
 * for a test that sees them.
 */
export const HARMLESS: readonly Mutant[] = [
  {
    name: 'harmless: an infinite norm is not looked for',
    file: 'engine/privacy/clipping.ts',
    from: 'norm >= 0 && Number.isFinite(norm) ?',
    to: 'norm >= 0 ?',
    test: { file: 'engine/privacy/clipping.test.ts' },
    why: 'The clipping norm over infinity is zero, and a norm that is not a number is not at least zero.',
  },
  {
    name: 'harmless: a norm of zero is not guarded',
    file: 'engine/privacy/clipping.ts',
    from: 'Math.min(1, bound / Math.max(norm, 1e-30))',
    to: 'Math.min(1, bound / norm)',
    test: { file: 'engine/privacy/clipping.test.ts' },
    why: 'A positive number over zero is infinity, and the smaller of it and 1 is 1.',
  },
  {
    name: 'harmless: records are drawn in smaller pieces',
    file: 'engine/privacy/poisson-draw.ts',
    from: 'const CHUNK = 8192;',
    to: 'const CHUNK = 1024;',
    test: { file: 'engine/privacy/mechanism.test.ts', name: 'draw' },
    why: 'Record k is compared with number k of the stream, however many are made at a time.',
  },
  {
    name: 'harmless: more keystream at first',
    file: 'engine/privacy/keystream.ts',
    from: 'first: 1 << 12',
    to: 'first: 1 << 14',
    test: { file: 'engine/privacy/noise.test.ts' },
    why: 'A stream has the same numbers, however many are made at a time.',
  },
  {
    name: 'harmless: adding is always computed on the fine grid',
    file: 'engine/privacy/pld-accountant.ts',
    from: "if (tolerance < COARSE && epsilonIn('add', parts, delta, COARSE) <= epsilon) return epsilon;",
    to: '',
    test: { file: 'engine/privacy/accountant.test.ts', name: 'as a function' },
    why: 'A coarse grid errs upwards too: the shortcut saves time only.',
  },
  {
    name: 'harmless: numbers of removing alone',
    file: 'engine/privacy/pld-accountant.ts',
    from: 'if (most <= epsilon) return epsilon;',
    to: 'if (most > -1) return epsilon;',
    test: { file: 'engine/privacy/accountant.test.ts', name: 'against a peer' },
    why:
      'Removing is the worse direction of the Poisson-subsampled Gaussian wherever it was tried. That ' +
      'both directions are composed is seen by accountant-directions.test.ts.',
  },
  {
    name: 'harmless: the longest records of a draw come last',
    file: 'engine/training/micro-batches.ts',
    from: 'b.ids.length - a.ids.length',
    to: 'a.ids.length - b.ids.length',
    test: { file: 'engine/training/training.test.ts', name: 'the physical settings' },
    why: 'Records are clipped one by one and summed over the draw, so no order changes the update.',
  },
  {
    name: 'harmless: votes count as one each',
    file: 'engine/selection/neighbour-votes.ts',
    from: 'new Float64Array(k).fill(1 / Math.sqrt(k))',
    to: 'new Float64Array(k).fill(1)',
    test: { file: 'engine/selection/sensitivity.test.ts', name: 'vote' },
    why: 'What a record contributes is scaled down to the norm 1 before it is added.',
  },
];
