import type { SeededRandom } from '../data/seeded-random.ts';

/** A density on [0, 1] that can be drawn from. */
export type Parzen = { draw: (random: SeededRandom) => number; logDensity: (unit: number) => number };

/** Of the whole interval: what is believed before anything was seen, and one part of every estimate. */
const PRIOR = { centre: 0.5, width: 1 };

/**
 * The adaptive Parzen estimator of Bergstra et al. 2011, section 4.2: as many Gaussians as points and one as wide as the
 * interval, each cut off at its ends. A Gaussian is as wide as the larger distance to its two neighbours, but no narrower than
 * 1 / min(100, parts).
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

/** A Gaussian given that it is in [0, 1]. */
function cut(centre: number, width: number) {
  const mass = normalCdf((1 - centre) / width) - normalCdf(-centre / width);
  return {
    density: (unit: number) =>
      Math.exp(-(((unit - centre) / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI) * mass),
    draw: (random: SeededRandom) => {
      // The centre is inside, so at least about a third of the draws is.
      for (;;) {
        const unit = centre + width * normal(random);
        if (unit >= 0 && unit <= 1) return unit;
      }
    },
  };
}

/** Box and Muller 1958. */
function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Abramowitz and Stegun 7.1.26, to 1.5e-7: a density that only ranks candidates needs no more. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}
