/** How the next token is drawn from the model's distribution. */
export type TokenSampling = {
  /** Divides the logits; 0 takes the most likely token. */
  temperature: number;
  /** Only the k most likely tokens; 0 is off. */
  topK: number;
  /** The smallest set of most likely tokens with at least this mass (nucleus sampling, arXiv 1904.09751). */
  topP: number;
};

/**
 * Draws one token from `probabilities` [vocabulary], which already carry the temperature.
 * Top-k is applied first, then top-p within what is left, as is customary.
 *
 * Sorting 50,000 numbers a token would cost more than the model. Tokens are collected above a falling threshold
 * until they hold enough mass, and only those are sorted: the result is exact.
 */
export function drawToken(
  probabilities: Float32Array,
  sampling: Pick<TokenSampling, 'topK' | 'topP'>,
  uniform: () => number,
): number {
  const candidates = mostLikely(probabilities, sampling);
  let total = 0;
  for (const { probability } of candidates) total += probability;
  let remaining = uniform() * total;
  for (const { id, probability } of candidates) {
    remaining -= probability;
    if (remaining < 0) return id;
  }
  return candidates[candidates.length - 1].id;
}

type Candidate = { id: number; probability: number };

function mostLikely(
  probabilities: Float32Array,
  { topK, topP }: { topK: number; topP: number },
): Candidate[] {
  if (topK === 0 && topP >= 1) return Array.from(probabilities, (probability, id) => ({ id, probability }));
  for (let threshold = 1e-2; ; threshold /= 10) {
    const all = threshold < 1e-9;
    const found: Candidate[] = [];
    let mass = 0;
    for (let id = 0; id < probabilities.length; id++) {
      const probability = probabilities[id];
      if (probability < threshold && !all) continue;
      found.push({ id, probability });
      mass += probability;
    }
    const enough = topK > 0 ? found.length >= topK : mass >= topP;
    if (!all && !enough) continue;
    found.sort((a, b) => b.probability - a.probability);
    return topK > 0 ? nucleus(found.slice(0, topK), topP, 'of these') : nucleus(found, topP, 'of all');
  }
}

/** The shortest beginning of sorted candidates that holds the share `topP` of the mass of these, or of all tokens. */
function nucleus(sorted: Candidate[], topP: number, share: 'of these' | 'of all'): Candidate[] {
  const total = share === 'of all' ? 1 : sorted.reduce((sum, { probability }) => sum + probability, 0);
  let mass = 0;
  const end = sorted.findIndex(({ probability }) => {
    mass += probability;
    return mass >= topP * total;
  });
  return end === -1 ? sorted : sorted.slice(0, end + 1);
}
