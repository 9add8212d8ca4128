import type { Mutant } from '../mutant.ts';

const GHOSTS = 'engine/training/methods/ghost/ghost-norms.test.ts';
const FAMILIES = 'engine/training/methods/family-gradients.test.ts';
const FULL = { file: FAMILIES, name: 'ghost norms' };

export const GHOST_NORMS: Mutant[] = [
  {
    name: 'ghost norms: below the truth where terms cancel',
    file: 'engine/training/methods/ghost/ghost-gradient.ts',
    from: 'tf.mul(magnitude, EPSILON)',
    to: 'tf.mul(magnitude, 0)',
    test: { file: GHOSTS },
    why: 'Such a record would be clipped too little.',
  },
  {
    name: 'ghost norms: minus infinity passes for zero',
    file: 'engine/training/methods/ghost/of-ghosts.ts',
    from: 'return tf.abs(tf.stack(byGroup, 1));',
    to: 'return tf.relu(tf.stack(byGroup, 1));',
    test: { file: GHOSTS, name: 'minus infinity' },
    why: 'Such a record would not be clipped at all.',
  },
  {
    name: 'ghost norms: half of what both ends of a tied matrix share',
    file: 'engine/training/methods/ghost/embedding.ts',
    from: 'return tf.mul(tf.sum(tf.mul(atInputs, products)), 2);',
    to: 'return tf.sum(tf.mul(atInputs, products));',
    test: FULL,
    why: 'Tied weights add their gradients before the norm.',
  },
  {
    name: 'ghost norms: of inputs alone',
    file: 'engine/training/methods/ghost/linear.ts',
    from: 'tf.mul(gram(x, records), gram(dy, records))',
    to: 'gram(x, records)',
    test: FULL,
    why: 'The norm of a linear map is that of both Gram matrices.',
  },
  {
    name: 'ghost norms: places of one token kept apart',
    file: 'engine/training/methods/ghost/embedding.ts',
    from: 'if (!seen.has(ids[place])) seen.set(ids[place], place);',
    to: 'seen.set(ids[place], place);',
    test: FULL,
    why: 'A token that a record repeats would be clipped too little.',
  },
  {
    name: 'ghost norms: a number that is not finite spreads',
    file: 'engine/training/methods/ghost/ghost-gradient.ts',
    from: 'return finite ? t : tf.where(tf.isFinite(t), t, tf.zerosLike(t));',
    to: 'return t;',
    test: { file: GHOSTS, name: 'not finite' },
    why: 'One record would end the run, and so show itself.',
  },
  {
    name: 'ghost norms: full gradients of one layer only',
    file: 'engine/training/methods/dense-gradients.ts',
    from: 'tf.addN(byTensor.filter((_, i) => groupOf[i] === group)),',
    to: 'byTensor[groupOf.indexOf(group)],',
    test: { file: FAMILIES, name: 'LoRA gradients' },
    why: 'Norms would leave out all tensors of a layer but the first.',
  },
];
