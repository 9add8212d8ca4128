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
 * Top-k is applied first, then top-p within what is left, as is customary. Tokens that tie at the edge all stay.
 *
 * Sorting 50,000 numbers a token would cost more than the model does. The edge of the set is found by bisection
 * instead, over the bit patterns of the numbers, so it is exact.
 */
export function drawToken(
  probabilities: Float32Array,
  sampling: Pick<TokenSampling, 'topK' | 'topP'>,
  uniform: () => number,
): number {
  const { topK, topP } = sampling;
  let set = tokensFrom(probabilities, null, topK > 0 ? 0 : (1 - topP) / probabilities.length);
  if (topK > 0) set = narrow(set, (_, count) => count >= topK);
  if (topP < 1) {
    const wanted = topP * (topK > 0 ? massOf(set) : 1);
    set = narrow(set, (mass) => mass >= wanted);
  }
  let remaining = uniform() * massOf(set);
  for (let i = 0; i < set.count; i++) {
    remaining -= set.probabilities[i];
    if (remaining < 0) return set.ids[i];
  }
  return set.ids[set.count - 1];
}

type TokenSet = { ids: Int32Array; probabilities: Float32Array; count: number };

/** Those of the tokens whose probability is at least `lowest`. `ids` null: a token's place is its id. */
function tokensFrom(probabilities: Float32Array, ids: Int32Array | null, lowest: number): TokenSet {
  const set = {
    ids: new Int32Array(probabilities.length),
    probabilities: new Float32Array(probabilities.length),
    count: 0,
  };
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] < lowest) continue;
    set.ids[set.count] = ids === null ? i : ids[i];
    set.probabilities[set.count++] = probabilities[i];
  }
  return set;
}

/** The smallest set of most likely tokens that is `enough`, by its mass and its count; all where none is. */
function narrow(set: TokenSet, enough: (mass: number, count: number) => boolean): TokenSet {
  const probabilities = set.probabilities.subarray(0, set.count);
  // Patterns of positive floats are in the order of the floats.
  const patterns = new Uint32Array(probabilities.buffer, 0, set.count);
  let low = 0;
  let high = 0x3f800001;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    let mass = 0;
    let count = 0;
    for (let i = 0; i < patterns.length; i++)
      if (patterns[i] >= middle) {
        mass += probabilities[i];
        count++;
      }
    if (enough(mass, count)) low = middle;
    else high = middle;
  }
  const [lowest] = new Float32Array(Uint32Array.of(low).buffer);
  return tokensFrom(probabilities, set.ids, lowest);
}

function massOf({ probabilities, count }: TokenSet): number {
  let mass = 0;
  for (let i = 0; i < count; i++) mass += probabilities[i];
  return mass;
}
