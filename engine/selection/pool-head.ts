import { type LinearHead, recordDescent, zeroHead } from './linear-head.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/**
 * Strength of the penalty on squared weights. Much less, and the head knows the pool's own texts by heart: a teacher that starts from it then
 * agrees with the labels of the pool even where they are wrong.
 */
const PENALTY = 3e-3;
const ITERATIONS = 200;
/** Inverse of the largest curvature of a softmax over (unit vector, 1), 1/2 * 2, plus the penalty's. */
const STEP_SIZE = 1 / (1 + PENALTY);

/**
 * Trains a head on the pool with its own labels, without privacy: the pool is public, or came out of a mechanism. Accelerated gradient descent
 * (Nesterov 1983) on the mean cross-entropy with an l2 penalty; deterministic.
 */
export function trainPoolHead(pool: UnitRecords): LinearHead {
  const start = zeroHead(pool);
  const size = start.weights.length;
  let [weights, before] = [start.weights, start.weights];
  for (let step = 1; step <= ITERATIONS; step += 1) {
    const momentum = (step - 1) / (step + 2);
    const ahead = weights.map((value, k) => value + momentum * (value - before[k]));
    const descent = meanDescent({ ...start, weights: ahead }, pool, new Float64Array(size));
    const next = ahead.map((value, k) => value + STEP_SIZE * (descent[k] - PENALTY * value));
    [before, weights] = [weights, next];
  }
  return { ...start, weights };
}

function meanDescent(head: LinearHead, pool: UnitRecords, sum: Float64Array): Float64Array {
  const descentOf = recordDescent(head, pool);
  let counted = 0;
  for (let record = 0; record < pool.count; record += 1) {
    if (pool.labels[record] === NO_CLASS) continue;
    counted += 1;
    const direction = descentOf(record);
    for (let k = 0; k < sum.length; k += 1) sum[k] += direction[k];
  }
  return sum.map((value) => value / Math.max(1, counted));
}
