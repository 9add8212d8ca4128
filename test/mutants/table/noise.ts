import type { Mutant } from '../mutant.ts';

const MECHANISM = 'engine/privacy/mechanism.test.ts';
const NOISE = 'engine/privacy/noise.test.ts';
const ADAPTIVE = 'engine/privacy/adaptive-clipping.test.ts';

export const NOISE_MUTANTS: Mutant[] = [
  {
    name: 'noise: a tenth too little',
    file: 'engine/privacy/mechanism.ts',
    from: 'const scale = gradientNoiseMultiplier(plan) * (normOfStep ?? 0);',
    to: 'const scale = 0.9 * gradientNoiseMultiplier(plan) * (normOfStep ?? 0);',
    test: { file: MECHANISM, name: 'a factor of 1.1 fails' },
    why: 'Epsilon would be above what is stated.',
  },
  {
    name: 'noise: none on an empty draw',
    file: 'engine/privacy/mechanism.ts',
    from: 'const scale = gradientNoiseMultiplier(plan) * (normOfStep ?? 0);',
    to:
      'const scale = drawn.length === 0 || sum.records === 0 ? 0 : gradientNoiseMultiplier(plan) * ' +
      '(normOfStep ?? 0);',
    test: { file: MECHANISM, name: 'a factor of 1.1 fails' },
    why: 'An empty draw would show itself.',
  },
  {
    name: 'noise: divided by n, not by the expected batch',
    file: 'engine/privacy/mechanism.ts',
    from: '(tensor[start + k] + scale * noise[k]) / expectedBatchSize;',
    to: 'tensor[start + k] / expectedBatchSize + (scale * noise[k]) / plan.records;',
    test: { file: MECHANISM, name: 'a factor of 1.1 fails' },
    why: 'The noise would be too small beside the gradient.',
  },
  {
    name: 'noise: the same at every step',
    file: 'engine/privacy/mechanism.ts',
    from: "purpose: 'noise', step })",
    to: "purpose: 'noise', step: 0 })",
    test: { file: MECHANISM, name: 'fresh noise at each step' },
    why: 'The difference of two steps would be free of noise.',
  },
  {
    name: 'noise: a second release of a step',
    file: 'engine/privacy/mechanism.ts',
    from: 'if (step !== digests.steps && !repeated)',
    to: 'if (step !== digests.steps && before === undefined)',
    test: { file: MECHANISM, name: 'the same step with another sum' },
    why: 'Two sums under the same noise show their difference.',
  },
  {
    name: 'noise: a step past the plan',
    file: 'engine/privacy/mechanism.ts',
    from: 'if (step >= plan.steps)',
    to: 'if (step > plan.steps)',
    test: { file: MECHANISM, name: 'refuses steps past the plan' },
    why: 'A step would be taken that nobody accounted for.',
  },
  {
    name: 'noise: a plan that nothing proved',
    file: 'engine/privacy/mechanism.ts',
    from: 'if (!isVerified(plan))',
    to: 'if (plan === null)',
    test: { file: MECHANISM, name: 'plans that nothing proved' },
    why: 'Noise and epsilon could be set apart.',
  },
  {
    name: 'noise: a deviation below 1',
    file: 'engine/privacy/gaussian-noise.ts',
    from: 'ready[k] = first / 2;',
    to: 'ready[k] = first / 2.2;',
    test: { file: NOISE, name: 'gaussianNoise' },
    why: 'Half the coordinates would have too little noise.',
  },
  {
    name: 'noise: neighbours share their noise',
    file: 'engine/privacy/gaussian-noise.ts',
    from: 'ready[k + 1] = second / 2;',
    to: 'ready[k + 1] = first / 2;',
    test: { file: NOISE, name: 'uncorrelated neighbours' },
    why: 'The difference of two coordinates would be free of noise.',
  },
  {
    name: 'noise: one stream for draws and noise',
    file: 'engine/privacy/keystream.ts',
    from: `const info = \`dpsynth/v1/\${params.purpose}/\${params.step}\`;`,
    to: `const info = \`dpsynth/v1/\${params.step}\`;`,
    test: { file: NOISE, name: 'differs by purpose' },
    why: 'Who was drawn and what noise was added would depend on each other.',
  },
  {
    name: 'noise: fewer than 53 bits',
    file: 'engine/privacy/keystream.ts',
    from: '(words[word] >>> 5) * 67108864',
    to: '(words[word] >>> 6) * 67108864',
    test: { file: NOISE, name: 'the same 53-bit numbers' },
    why: 'Uniform numbers would reach only to one half.',
  },
  {
    name: 'noise: half of it on the count of adaptive clipping',
    file: 'engine/privacy/adaptive-clipping.ts',
    from: '2 * within - records + 2 * plan.countNoise * noise',
    to: '2 * within - records + plan.countNoise * noise',
    test: { file: ADAPTIVE, name: 'on the count has the planned deviation' },
    why: 'The count would cost more than is charged.',
  },
  {
    name: 'noise: a count that costs too little',
    file: 'engine/privacy/adaptive-clipping.ts',
    from: 'noiseMultiplier ** -2 - (2 * countNoise) ** -2',
    to: 'noiseMultiplier ** -2 - (4 * countNoise) ** -2',
    test: { file: ADAPTIVE, name: 'costs what two Gaussian mechanisms' },
    why: 'Gradient and count together would cost more than is charged.',
  },
  {
    name: 'noise: half of it on the label histogram',
    file: 'engine/privacy/label-histogram.ts',
    from: 'count + noiseMultiplier * noise[k]',
    to: 'count + 0.5 * noiseMultiplier * noise[k]',
    test: { file: 'engine/privacy/label-histogram.test.ts' },
    why: 'Proportions would cost more than is charged.',
  },
];
