import { describe, expect, it } from 'vitest';
import { discretise } from './pld.ts';
import { DIRECTIONS, type Direction, lossAt, outcomeAt } from './privacy-loss.ts';

const mechanism = { samplingRate: 0.2, noiseMultiplier: 0.8 };
const tail = 1e-20;

describe.each(DIRECTIONS)('discretise, when the record is the one to %s', (direction) => {
  const [interval, theta] = [0.05, 1.5];
  const { masses, offset, logMoment, momentError } = discretise({
    mechanism,
    direction,
    theta,
    interval,
    tail,
  });
  const losses = Array.from(masses, (_, k) => (offset + k) * interval);
  const untilted = Array.from(masses, (mass, k) => mass * Math.exp(logMoment - theta * losses[k]));

  it('is a probability distribution once the tilt is undone', () => {
    expect(untilted.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(Math.min(...masses)).toBeGreaterThanOrEqual(0);
    expect(momentError).toBeGreaterThan(0);
  });

  it.each([-4, -1, 0, 3, 10])(
    'has the exact delta at grid point %d, and no less between grid points',
    (point) => {
      const delta = (epsilon: number) =>
        untilted.reduce((sum, mass, k) => sum + mass * Math.max(0, -Math.expm1(epsilon - losses[k])), 0);
      const at = point * interval;
      expect(delta(at)).toBeCloseTo(hockeyStick(direction, at), 8);
      const between = at + interval / 2;
      expect(delta(between)).toBeGreaterThanOrEqual(hockeyStick(direction, between) - 1e-9);
    },
  );

  it('charges what it cuts off at the top as infinite, and at least all of it', () => {
    const cut = discretise({ mechanism, direction, theta, interval, tail: 1e-3 });
    const kept = cut.masses.reduce(
      (sum, mass, k) => sum + mass * Math.exp(cut.logMoment - theta * (cut.offset + k) * interval),
      0,
    );
    expect(cut.infinityMass).toBeGreaterThan(0);
    expect(kept + cut.infinityMass).toBeGreaterThanOrEqual(1);
    const narrow = discretise({ mechanism, direction, theta, interval, tail, span: 0.1 });
    expect(narrow.masses.length).toBeLessThan(masses.length);
    const at = 2 * interval;
    const delta = narrow.masses.reduce((sum, mass, k) => {
      const loss = (narrow.offset + k) * interval;
      return sum + mass * Math.exp(narrow.logMoment - theta * loss) * Math.max(0, -Math.expm1(at - loss));
    }, narrow.infinityMass);
    expect(delta).toBeGreaterThanOrEqual(hockeyStick(direction, at));
  });

  it('finds the outcome of a loss again', () => {
    for (const x of [-2, 0, 0.5, 3])
      expect(outcomeAt(mechanism, direction, lossAt(mechanism, direction, x))).toBeCloseTo(x, 9);
  });
});

/** delta of one step by a fine Riemann sum of max(0, p - e^epsilon p'). */
function hockeyStick(direction: Direction, epsilon: number): number {
  const { samplingRate: q, noiseMultiplier: sigma } = mechanism;
  const normal = (x: number) => Math.exp(-(x * x) / (2 * sigma * sigma)) / (sigma * Math.sqrt(2 * Math.PI));
  const width = 1e-4;
  let sum = 0;
  for (let x = -9; x < 10; x += width) {
    const without = normal(x);
    const mixture = (1 - q) * without + q * normal(x - 1);
    const [first, second] = direction === 'remove' ? [mixture, without] : [without, mixture];
    sum += Math.max(0, first - Math.exp(epsilon) * second);
  }
  return sum * width;
}
