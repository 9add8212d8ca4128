import { logDensityRatio, type SubsampledGaussian } from './privacy-loss.ts';

/** Privacy losses at quadrature points, ascending, and the log probability of each. */
export type ReplaceOneLosses = {
  losses: Float64Array;
  logMasses: Float64Array;
  /** Probability of the losses above the last one, charged as infinite. */
  infinityMass: number;
};

/**
 * Returns the losses of one step when one unit is replaced by another: those of P = (1-q) N(0) + q N(1)
 * against Q = (1-q) N(0) + q N(-1), all with variance sigma^2. No two units make the two outputs of a step
 * easier to distinguish.
 *
 * The unit is drawn by the same coin in both data sets. Let mu0 be the output without it, and mu1 and mu1'
 * the outputs with one unit and with the other: Gaussians whose means differ from that of mu0 by clipped
 * gradients g and g'. By advanced joint convexity (Balle, Barthe, Gaboardi 2018, arXiv 1807.01647, theorem
 * 2), for y >= 1, w = 1 + (y - 1) / q and beta = y / w, the hockey-stick divergence of order y is q H_w(mu1
 * || (1 - beta) mu0 + beta mu1'). That is E[F((1 - beta) exp(A) + beta exp(B))], with F(r) = max(0, 1 - w r)
 * convex and A, B jointly Gaussian, each with a mean of minus half its variance. By Kahane's convexity
 * inequality (1985, "Sur le chaos multiplicatif") it grows with every entry of their covariance: |g|^2, |g -
 * g'|^2 and g.(g - g'), over sigma^2. All three are largest at g' = -g and |g| = 1. Orders below 1 follow
 * from those above, since the pair is symmetric. Pairs that dominate each step dominate the composition (Zhu,
 * Dong, Wang 2022, arXiv 2106.08567, theorem 10). At q = 1 it is the Gaussian mechanism of sensitivity 2.
 */
export function replaceOneLosses(mechanism: SubsampledGaussian, tail: number): ReplaceOneLosses {
  const { samplingRate: q, noiseMultiplier: sigma } = mechanism;
  // P(N(0,1) > z) <= exp(-z^2 / 2) / 2
  const reach = sigma * Math.sqrt(2 * Math.log(1 / tail));
  const width = (1 + 2 * reach) / PANELS;
  const losses = new Float64Array(PANELS * NODES.length);
  const logMasses = new Float64Array(losses.length);
  const logNorm = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  for (let k = 0; k < losses.length; k++) {
    const node = k % NODES.length;
    const x = -reach + (Math.floor(k / NODES.length) + (1 + NODES[node]) / 2) * width;
    const logRatio = logDensityRatio(mechanism, x);
    losses[k] = q === 1 ? (2 * x) / sigma ** 2 : logRatio - logDensityRatio(mechanism, -x);
    logMasses[k] = Math.log((WEIGHTS[node] * width) / 2) - (x * x) / (2 * sigma ** 2) - logNorm + logRatio;
  }
  return { losses, logMasses, infinityMass: tail };
}

const PANELS = 10_000;
// Gauss-Legendre, four points on [-1, 1].
const NODES = [-0.8611363115940526, -0.33998104358485626, 0.33998104358485626, 0.8611363115940526];
const WEIGHTS = [0.34785484513745385, 0.6521451548625461, 0.6521451548625461, 0.34785484513745385];
