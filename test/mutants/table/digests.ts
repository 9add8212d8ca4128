import type { Mutant } from '../mutant.ts';

const FINETUNE = 'workers/compute/jobs/finetune.test.ts';
const CHAIN = 'engine/privacy/digest-chain.test.ts';

export const DIGESTS: Mutant[] = [
  {
    name: 'digests: the training digest is constant',
    file: 'workers/compute/training-digest.ts',
    from: 'sha256(content)',
    to: 'sha256(content.slice(0, 1))',
    test: { file: FINETUNE },
    why: 'Settings edited between attempts would share draws and noise.',
  },
  {
    name: 'digests: the training digest leaves out the plan',
    file: 'workers/compute/training-digest.ts',
    from: 'train.keyedDigest, training, plan, seed',
    to: 'train.keyedDigest, training, plan: plan.steps, seed',
    test: { file: FINETUNE, name: 'noise multiplier' },
    why: 'Two noise levels over the same noise show the sum.',
  },
  {
    name: 'digests: links do not hang together',
    file: 'engine/privacy/digest-chain.ts',
    from: ".update(Buffer.from(previous, 'hex'))",
    to: ".update(Buffer.from(previous.slice(0, 0), 'hex'))",
    test: { file: CHAIN },
    why: 'The last digest has to prove all steps.',
  },
  {
    name: 'digests: values left out',
    file: 'engine/privacy/digest-chain.ts',
    from: 'content.update(bytesOf(values));',
    to: 'content.update(bytesOf(values.slice(0, 1)));',
    test: { file: CHAIN },
    why: 'Other noise would pass for the same.',
  },
  {
    name: 'digests: a resumed run forgets its steps',
    file: 'engine/training/train.ts',
    from: 'state.digests = mechanism.digests();',
    to: '',
    test: { file: 'engine/training/training.test.ts', name: 'an interrupted run repeats' },
    why: 'A checkpoint has to say which steps were released.',
  },
  {
    name: 'digests: the fingerprint of a release leaves out the sum',
    file: 'engine/privacy/mechanism.ts',
    from: 'values: [...sum.values, Int32Array.of(sum.records, ...within)]',
    to: 'values: [Int32Array.of(sum.records, ...within)]',
    test: { file: 'engine/privacy/mechanism.test.ts', name: 'under the same noise' },
    why: 'A second sum would be released under the same noise.',
  },
];
