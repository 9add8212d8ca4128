import type { Mutant } from '../mutant.ts';

const DRAW = { file: 'engine/privacy/poisson-draw.test.ts' };
const MECHANISM = 'engine/privacy/mechanism.test.ts';
const TRAINING = 'engine/training/training.test.ts';

export const SAMPLER: Mutant[] = [
  {
    name: 'sampler: rate 2% too high',
    file: 'engine/privacy/poisson-draw.ts',
    from: 'Math.floor(samplingRate * 2 ** 53)',
    to: 'Math.floor(1.02 * samplingRate * 2 ** 53)',
    test: DRAW,
    why: 'More records are drawn than the accountant counts.',
  },
  {
    name: 'sampler: rate rounded up',
    file: 'engine/privacy/poisson-draw.ts',
    from: 'Math.floor(samplingRate * 2 ** 53)',
    to: 'Math.ceil(samplingRate * 2 ** 53)',
    test: DRAW,
    why: 'The rate would be above what is accounted.',
  },
  {
    name: 'sampler: one value too many',
    file: 'engine/privacy/poisson-draw.ts',
    from: 'uniforms[k] < threshold',
    to: 'uniforms[k] <= threshold',
    test: DRAW,
    why: 'The rate would be above what is accounted.',
  },
  {
    name: 'sampler: batches of a fixed size',
    file: 'engine/privacy/poisson-draw.ts',
    from: 'return Int32Array.from(drawn);',
    to: 'return Int32Array.from(drawn.slice(0, Math.floor(samplingRate * records)));',
    test: { file: MECHANISM, name: 'binomial distribution' },
    why: 'Poisson accounting needs independent records.',
  },
  {
    name: 'sampler: the same draw at every step',
    file: 'engine/privacy/mechanism.ts',
    from: "purpose: 'draw', step })",
    to: "purpose: 'draw', step: 0 })",
    test: { file: MECHANISM, name: 'draws of two steps are independent' },
    why: 'Amplification by sampling would be lost.',
  },
  {
    name: 'sampler: another rate than that of the plan',
    file: 'engine/privacy/mechanism.ts',
    from: 'step }), plan);',
    to: 'step }), { ...plan, samplingRate: Math.min(1, 1.02 * plan.samplingRate) });',
    test: { ...DRAW, name: 'at the rate that its plan accounts for' },
    why: 'Sampler and accountant would not match.',
  },
  {
    name: 'sampler: a rate that does not follow from batch and records',
    file: 'engine/privacy/mechanism-plan.ts',
    from: 'return expectedBatchSize / records;',
    to: 'return expectedBatchSize / (records - 1);',
    test: { file: 'engine/privacy/mechanism-plan.test.ts', name: 'derives sampling rate' },
    why: 'The noisy sum would be divided by another number than the expected batch.',
  },
  {
    name: 'sampler: micro-batches leave records out',
    file: 'engine/training/micro-batches.ts',
    from: 'from += size;',
    to: 'from += size + 1;',
    test: { file: TRAINING, name: 'the physical settings' },
    why: 'The update would depend on how a draw is cut.',
  },
  {
    name: 'sampler: a corpus of another size than planned',
    file: 'engine/training/train.ts',
    from: 'if (records.length !== mechanism.plan.records)',
    to: 'if (records.length < mechanism.plan.records)',
    test: { file: TRAINING, name: 'a different number of records' },
    why: 'n, the sampling rate and delta would not be those of the corpus.',
  },
];
