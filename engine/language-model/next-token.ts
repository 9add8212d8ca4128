/** How the next token is drawn from the model's distribution. */
export type TokenSampling = {
  /** Already applied to the probabilities; 0 takes the most likely token. */
  temperature: number;
  /** Draws only from the k most likely tokens; 0 is off. */
  topK: number;
  /**
   * Draws only from the smallest set of most likely tokens with at least this mass (nucleus sampling, arXiv
   * 1904.09751).
   */
  topP: number;
};

/**
 * Draws one token from `probabilities` [vocabulary], which already include the temperature. As usual, applies
 * top-k first and then top-p within the rest. All tokens that tie at the edge stay.
 *
 * Sorting 50,000 numbers per token would cost as much as the model. Only likely tokens are sorted: usually a
 * few hundred, and more only if these are not enough.
 */
export function drawToken(
  probabilities: Float32Array,
  sampling: TokenSampling,
  uniform: () => number,
): number {
  const { temperature, topK, topP } = sampling;
  if (temperature === 0) return argMax(probabilities);
  if (topK === 0 && topP === 1) return drawPlace(probabilities, uniform());
  let set = smallestSet(probabilities, topK > 0 ? (_, count) => count >= topK : (mass) => mass >= topP);
  if (topK > 0 && topP < 1) {
    const wanted = topP * massOf(set.probabilities);
    set = narrow(set, (mass) => mass >= wanted);
  }
  return set.ids[drawPlace(set.probabilities, uniform())];
}

/** Some tokens in the order of their ids. */
type TokenSet = { ids: number[]; probabilities: Float32Array };

type Enough = (mass: number, count: number) => boolean;

/**
 * The first threshold of the search for likely tokens, and the factor that lowers it until they are enough.
 */
const LIKELY = 1e-5;
const LESS_LIKELY = 1 / 32;
const UNLIKELY = 1e-10;

/** Returns the smallest set of most likely tokens that is `enough`, or all tokens if none is. */
function smallestSet(probabilities: Float32Array, enough: Enough): TokenSet {
  for (let lowest = LIKELY; lowest > UNLIKELY; lowest *= LESS_LIKELY) {
    const set = tokensFrom(probabilities, lowest);
    if (enough(massOf(set.probabilities), set.ids.length)) return narrow(set, enough);
  }
  return narrow(tokensFrom(probabilities, 0), enough);
}

/** Returns the tokens whose probability is at least `lowest`. */
function tokensFrom(probabilities: Float32Array, lowest: number): TokenSet {
  const ids: number[] = [];
  for (let id = 0; id < probabilities.length; id++) if (probabilities[id] >= lowest) ids.push(id);
  return pick(ids, probabilities);
}

/** Returns the smallest subset of most likely tokens that is `enough`, or the whole set if none is. */
function narrow(set: TokenSet, enough: Enough): TokenSet {
  const ascending = set.probabilities.slice().sort();
  let place = ascending.length;
  let mass = 0;
  while (place > 0 && !enough(mass, ascending.length - place)) mass += ascending[--place];
  const lowest = ascending[place];
  const places: number[] = [];
  for (let i = 0; i < ascending.length; i++) if (set.probabilities[i] >= lowest) places.push(i);
  return { ids: places.map((i) => set.ids[i]), probabilities: pick(places, set.probabilities).probabilities };
}

/** Returns the probabilities at some places. */
function pick(places: number[], of: Float32Array): TokenSet {
  const probabilities = new Float32Array(places.length);
  for (let i = 0; i < places.length; i++) probabilities[i] = of[places[i]];
  return { ids: places, probabilities };
}

/** Draws a place in proportion to its probability; `uniform` is in [0, 1). */
function drawPlace(probabilities: Float32Array, uniform: number): number {
  let remaining = uniform * massOf(probabilities);
  let last = 0;
  for (let place = 0; place < probabilities.length; place++) {
    if (probabilities[place] === 0) continue;
    last = place;
    remaining -= probabilities[place];
    if (remaining < 0) break;
  }
  return last;
}

function massOf(probabilities: Float32Array): number {
  let mass = 0;
  for (let i = 0; i < probabilities.length; i++) mass += probabilities[i];
  return mass;
}

function argMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
