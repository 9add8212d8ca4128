import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../data/seeded-random.ts';
import { clipFactors, clipFactorsByGroup, recordNorms } from '../../../privacy/clipping.ts';
import { type Tensor, tf } from '../../../tensor/tensorflow.ts';
import { inputGradient, outputGradient, type RecordPart, tiedGradient } from './embedding.ts';
import { type GhostGradient, smallGradient } from './ghost-gradient.ts';
import { linearGradient } from './linear.ts';
import { ofGhosts } from './of-ghosts.ts';

// The gradients of these records cancel over their tokens: the terms of the norm are large and their sum is
// almost zero.

const RECORDS = 40;
const random = seededRandom(11);
const uniform = () => random() * 2 - 1;
const vector = (length: number) => Array.from({ length }, uniform);

/** What remains of the terms. Its square, relative to theirs, is as small as the rounding of their sum. */
const LEFT = 3e-4;

/** Returns `tokens` rows of one direction, with weights that add up to almost zero. */
function cancelling(tokens: number, width: number, scale: number): number[][] {
  const direction = vector(width);
  const weights = vector(tokens);
  const mean = weights.reduce((sum, weight) => sum + weight) / tokens;
  return weights.map((weight) => direction.map((value) => value * (weight - mean + LEFT * random()) * scale));
}

/** Returns the same row `tokens` times, differing only in the last digits. */
function alike(tokens: number, width: number, scale: number): number[][] {
  const row = vector(width);
  return Array.from({ length: tokens }, () => row.map((value) => value * scale * (1 + 1e-6 * random())));
}

/** Returns the squared norm of each record's gradient, computed from the gradient itself. */
function truths(ghost: GhostGradient): number[] {
  return Array.from({ length: RECORDS }, (_, record) => {
    const factors = Float32Array.from({ length: RECORDS }, (_, other) => (other === record ? 1 : 0));
    const gradient = tf.tidy(() => ghost.sum({ factors, finite: true }));
    const square = Array.from(gradient.dataSync()).reduce((sum, value) => sum + value * value, 0);
    gradient.dispose();
    return square;
  });
}

const TOKENS = 12;
const WIDTH = 24;
const VOCABULARY = 30;

function linearCase(): GhostGradient {
  const x = tf.tensor2d(Array.from({ length: RECORDS }, () => alike(TOKENS, WIDTH, 30)).flat());
  const dy = tf.tensor2d(Array.from({ length: RECORDS }, () => cancelling(TOKENS, 40, 1)).flat());
  return linearGradient(x, dy, RECORDS);
}

function inputCase(): { ghost: GhostGradient; ids: Int32Array; dx: Tensor } {
  const ids = Int32Array.from({ length: RECORDS * TOKENS }, () => Math.floor(random() * 3));
  const dx = tf.tensor2d(Array.from({ length: RECORDS }, () => cancelling(TOKENS, WIDTH, 30)).flat());
  return { ghost: inputGradient({ ids, dx, records: RECORDS, vocabulary: VOCABULARY }), ids, dx };
}

function outputParts(): RecordPart[] {
  return Array.from({ length: RECORDS }, () => ({
    dLogits: tf.keep(tf.tensor2d(cancelling(TOKENS, VOCABULARY, 1))),
    hidden: tf.keep(tf.tensor2d(alike(TOKENS, WIDTH, 30))),
  }));
}

function outputCase(): GhostGradient {
  return outputGradient(outputParts(), [VOCABULARY, WIDTH]);
}

/**
 * Returns the case of one matrix at both ends, with an input gradient that is the negative of the output
 * gradient.
 */
function tiedCase(): GhostGradient {
  const token = 4;
  const rows = Array.from({ length: RECORDS }, () => alike(TOKENS, WIDTH, 30));
  const dLogits = Array.from({ length: VOCABULARY }, (_, id) => (id === token ? 1 : 0));
  const parts = rows.map((hidden) => ({
    dLogits: tf.keep(tf.tensor2d(hidden.map(() => dLogits))),
    hidden: tf.keep(tf.tensor2d(hidden)),
  }));
  const ids = new Int32Array(RECORDS * TOKENS).fill(token);
  const dx = tf.tensor2d(rows.flat().map((row) => row.map((value) => -value * (1 + LEFT * random()))));
  const input = inputGradient({ ids, dx, records: RECORDS, vocabulary: VOCABULARY });
  const output = outputGradient(parts, [VOCABULARY, WIDTH]);
  return tiedGradient({ ids, input, dx, output, parts });
}

const CASES = {
  'a linear map': linearCase,
  'the embedding at the input': () => inputCase().ghost,
  'the output matrix': outputCase,
  'one matrix at both ends': tiedCase,
};

describe.each(Object.entries(CASES))('%s', (_, make) => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('ghost norms of cancelling gradients are never too small, and clip no record too little', () => {
    const ghost = make();
    const gradients = ofGhosts({
      losses: new Float32Array(RECORDS),
      ghosts: [ghost],
      layout: { groupOf: [0], groups: 1 },
    });
    const clippingNorm = 1e-3;
    const { squaredNorms } = gradients;
    const flat = clipFactors(recordNorms(squaredNorms, 1), clippingNorm);
    const perLayer = clipFactorsByGroup(squaredNorms, 1, clippingNorm);
    truths(ghost).forEach((truth, record) => {
      expect(squaredNorms[record]).toBeGreaterThanOrEqual(truth * (1 - 1e-5));
      for (const factors of [flat, perLayer]) {
        expect(factors[record] * Math.sqrt(truth)).toBeLessThanOrEqual(clippingNorm * (1 + 1e-5));
        expect(factors[record]).toBeGreaterThanOrEqual(0);
      }
    });
    gradients.dispose();
  });
});

test('a squared norm of minus infinity does not count as zero: the record contributes nothing', () => {
  const squares = [Number.NEGATIVE_INFINITY, -4, Number.NaN, 9];
  const ghost: GhostGradient = {
    squaredNorm: tf.tensor1d(squares),
    sum: () => tf.zeros([1]),
    dispose: () => {},
  };
  const { squaredNorms } = ofGhosts({
    losses: new Float32Array(4),
    ghosts: [ghost],
    layout: { groupOf: [0], groups: 1 },
  });
  expect([...clipFactorsByGroup(squaredNorms, 1, 1)].map((factor) => factor.toFixed(3))).toEqual([
    '0.000',
    '0.500',
    '0.000',
    '0.333',
  ]);
});

test('a record that is not finite contributes nothing to the sum and affects no other record', () => {
  const x = tf.tensor2d([1, 2, Number.NaN, 1, 3, 4], [3, 2]);
  const dy = tf.tensor2d([1, 1, Number.POSITIVE_INFINITY, 1, 0, 2], [3, 2]);
  const gradients = ofGhosts({
    losses: new Float32Array(3),
    ghosts: [linearGradient(x, dy, 3), smallGradient(tf.clone(dy))],
    layout: { groupOf: [0, 0], groups: 1 },
  });
  const factors = clipFactors(recordNorms(gradients.squaredNorms, 1), 1e6);
  expect([...factors]).toEqual([1, 0, 1]);
  const [weights, bias] = gradients.sum(factors);
  expect([...weights.dataSync()]).toEqual([1, 1 + 6, 2, 2 + 8]);
  expect([...bias.dataSync()]).toEqual([1, 3]);
  gradients.dispose();
});
