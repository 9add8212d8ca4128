import type { SeededRandom } from '../data/seeded-random.ts';

/** A density on [0, 1] with a method to draw from it. */
export type Parzen = { draw: (random: SeededRandom) => number; logDensity: (unit: number) => number };

/** The prior over the whole interval, which is one part of every estimate. */
const PRIOR = { centre: 0.5, width: 1 };

/**
 * Returns the adaptive Parzen estimator of Bergstra et al. 2011, section 4.2. It has one Gaussian per point
 * and one as wide as the interval, each truncated at its ends. The width of a Gaussian is the larger distance
 * to its two neighbours, but at least 1 / min(100, parts).
 */
export function parzen(points: readonly number[]): Parzen {
  const sorted = [...points, PRIOR.centre].sort((a, b) => a - b);
  const least = 1 / Math.min(100, sorted.length);
  const priorAt = sorted.indexOf(PRIOR.centre);
  const parts = sorted.map((centre, i) => {
    if (i === priorAt) return cut(PRIOR.centre, PRIOR.width);
    const left = centre - (sorted[i - 1] ?? 0);
    const right = (sorted[i + 1] ?? 1) - centre;
    return cut(centre, Math.min(1, Math.max(left, right, least)));
  });
  return {
    draw: (random) => parts[Math.floor(random() * parts.length)].draw(random),
    logDensity: (unit) => Math.log(parts.reduce((sum, { density }) => sum + density(unit), 0) / parts.length),
  };
}

/** Returns a Gaussian truncated to [0, 1]. */
function cut(centre: number, width: number) {
  const mass = normalCdf((1 - centre) / width) - normalCdf(-centre / width);
  return {
    density: (unit: number) =>
      Math.exp(-(((unit - centre) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI) * mass),
    draw: (random: SeededRandom) => {
      // The centre is inside, so about a third of the draws or more are inside.
      for (;;) {
        const unit = centre + width * normal(random);
        if (unit >= 0 && unit <= 1) return unit;
      }
    },
  };
}

/** Draws a standard normal number (Box and Muller 1958). */
function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Returns the normal distribution function to 1.5e-7 (Abramowitz and Stegun 7.1.26), which is enough to rank
 * candidates.
 */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
