/** Number of mixture weights in the reference implementation, from `EDGE` to 1 - `EDGE`. */
const MIXTURES = 25;
const EDGE = 1e-6;

/**
 * Returns MAUVE of two histograms [buckets], each with sum 1: the area under the divergence curve (exp(-c
 * KL(q | r)), exp(-c KL(p | r))) over the mixtures r = w p + (1 - w) q, where c is `scaling` (Pillutla et
 * al., arXiv 2102.01454, section 2). The result lies between 0 and 1, and is 1 if p equals q.
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
  // x falls and y rises along the curve, so the area over x equals the area over y and no sorting is needed.
  return curve.slice(1).reduce((area, { x, y }, i) => area + ((curve[i].x - x) * (curve[i].y + y)) / 2, 0);
}

/**
 * Returns the frontier integral of two histograms [buckets]: twice the mean, over w, of w KL(p | r) + (1 - w)
 * KL(q | r) (Liu et al., arXiv 2106.07898). It is 0 if p equals q, and 1 if they share no bucket.
 */
export function frontierIntegral(params: { p: readonly number[]; q: readonly number[] }): number {
  const { p, q } = params;
  return p.reduce((sum, share, bucket) => sum + 2 * bucketFrontier(share, q[bucket]), 0);
}

/** Returns the integral of one bucket in closed form. */
function bucketFrontier(p: number, q: number): number {
  if (p === 0 || q === 0) return (p + q) / 4;
  // The closed form loses its digits as p approaches q, and the integral approaches 0.
  if (Math.abs(p - q) <= 1e-8) return 0;
  return (p + q) / 4 - (p * q * Math.log(p / q)) / (2 * (p - q));
}

/** Returns the divergence in nats. `q` is a mixture with p, so it is positive wherever p is. */
function klDivergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, share, i) => (share === 0 ? sum : sum + share * Math.log(share / q[i])), 0);
}
