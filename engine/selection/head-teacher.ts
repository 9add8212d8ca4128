import { setImmediate } from 'node:timers/promises';
import { type BoundedSum, sumBounded } from '../privacy/bounded-sum.ts';
import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { type LinearHead, recordDescent } from './linear-head.ts';
import { curvatureStep } from './pool-curvature.ts';
import { NO_CLASS, type UnitRecords } from './unit-records.ts';

/** Steps of the descent, if nothing else is asked for. */
export const HEAD_STEPS = 15;
/** Keeps steps short in directions in which the pool hardly varies. */
const LEAST_DAMPING = 0.01;
/** Noise of the mean descent over all steps at which about half of what the records say is lost in it. */
const DROWNING_NOISE = 0.3;

/**
 * The sum of the records' descent directions at one head, each clipped to the l2 norm 1 over all weights and biases. Of a record it looks at
 * that record alone, so one unit moves the sum by a norm of at most 1.
 */
export function clippedDescent(head: LinearHead, records: UnitRecords): BoundedSum {
  const descentOf = recordDescent(head, records);
  return sumBounded({
    records: records.count,
    dimensions: head.weights.length,
    contribute: (record) =>
      records.labels[record] === NO_CLASS ? null : { at: 0, values: descentOf(record) },
  });
}

/**
 * Full-batch noisy gradient descent on the private records (Abadi et al. 2016, arXiv 1607.00133, with every record in every batch), from
 * `start`. Each step follows from released sums and the pool, so all steps together are one Gaussian mechanism: see planSelection. Sums are
 * divided by the planned n.
 *
 * Over all T steps the noise moves a logit by u / damping, u = T sigma / n. The damping is at least u + u^2 / 0.3, so that is 1 at most, and goes
 * to nothing as the noise drowns the records: the teacher then stays at `start`.
 * @param params.start not made of the private records, unless they came through a mechanism
 */
export async function trainHeadTeacher(params: {
  mechanism: SelectionMechanism;
  records: UnitRecords;
  pool: UnitRecords;
  start: LinearHead;
  onStep?: (done: number, of: number) => void;
}): Promise<LinearHead> {
  const { mechanism, records, pool, start, onStep } = params;
  const { releases: steps, noiseMultiplier } = mechanism.planned('head-gradient');
  const { records: n } = mechanism.plan;
  const noise = (Math.sqrt(steps) * noiseMultiplier) / n;
  const damping = Math.max(LEAST_DAMPING, noise + noise ** 2 / DROWNING_NOISE);
  const stepOf = curvatureStep(pool, damping);
  let { weights } = start;
  for (let step = 0; step < steps; step += 1) {
    const sum = clippedDescent({ ...start, weights }, records);
    const noisy = mechanism.release({ statistic: 'head-gradient', release: step, sum });
    const moved = stepOf(noisy.map((value) => value / n));
    weights = weights.map((value, k) => value + moved[k]);
    onStep?.(step + 1, steps);
    await setImmediate();
  }
  return { ...start, weights };
}
