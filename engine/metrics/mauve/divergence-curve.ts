/** Mixture weights of the reference implementation: so many, from `EDGE` to 1 - `EDGE`. */
const MIXTURES = 25;
const EDGE = 1e-6;

/**
 * MAUVE of two histograms [buckets], each of sum 1: the area under the divergence curve
 * (exp(-c KL(q | r)), exp(-c KL(p | r))) over the mixtures r = w p + (1 - w) q, where c is `scaling` (Pillutla et al.,
 * arXiv 2102.01454, section 2). From 0 to 1; 1 where p equals q.
 */
export function mauveOfHistograms(params: {
  p: readonly number[];
  q: readonly number[];
  scaling: number;
}): number {
  const { p, q, scaling } = params;
  const curve = [{ x: 1, y: 0 }];
  for (let i = 0; i < MIXTURES; i++) {
    const weight = EDGE + (i / (MIXTURES - 1)) * (1 - 2 * EDGE);
    const mixture = p.map((share, bucket) => weight * share + (1 - weight) * q[bucket]);
    curve.push({
      x: Math.exp(-scaling * klDivergence(q, mixture)),
      y: Math.exp(-scaling * klDivergence(p, mixture)),
    });
  }
  curve.push({ x: 0, y: 1 });
  // x falls and y rises along the curve, so the area over x equals that over y, and none has to be sorted.
  return curve.slice(1).reduce((area, { x, y }, i) => area + ((curve[i].x - x) * (curve[i].y + y)) / 2, 0);
}

/**
 * Frontier integral of two histograms [buckets]: twice the mean, over w, of w KL(p | r) + (1 - w) KL(q | r) (Liu et al.,
 * arXiv 2106.07898). From 0, where p equals q, to 1, where they share no bucket.
 */
export function frontierIntegral(params: { p: readonly number[]; q: readonly number[] }): number {
  const { p, q } = params;
  return p.reduce((sum, share, bucket) => sum + 2 * bucketFrontier(share, q[bucket]), 0);
}

/** The integral of one bucket in closed form. */
function bucketFrontier(p: number, q: number): number {
  if (p === 0 || q === 0) return (p + q) / 4;
  // The closed form loses its digits as p approaches q, where the integral goes to 0.
  if (Math.abs(p - q) <= 1e-8) return 0;
  return (p + q) / 4 - (p * q * Math.log(p / q)) / (2 * (p - q));
}

/** In nats. `q` is nowhere 0 where p is not: it mixes p. */
function klDivergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, i) => (share === 0 ? sum : sum + share * Math.log(share / q[i])), 0);
}
