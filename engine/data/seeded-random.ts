import { createHash } from 'node:crypto';

/**
 * Returns uniform numbers in [0, 1), the same sequence for the same seed. Only for public randomness, since
 * it is predictable.
 */
export type SeededRandom = () => number;

/**
 * Returns the generator sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32 so that
 * neighbouring seeds give different sequences. For splits, classifiers and bootstraps; never for batch choice
 * or noise under DP.
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  const [a, b, c] = [next(), next(), next()];
  // Includes the bits of the seed beyond 32, so that different seeds give different states.
  return smallFastCounter(a, b, c ^ Math.floor(seed / 2 ** 32));
}

/** Names one of many streams of public randomness derived from a seed. */
export type StreamName = {
  /** The seed of the experiment or of the search: any whole number from 0 to 2^53 - 1. */
  seed: number;
  /** The use of the stream, so that no two uses share their numbers. */
  purpose: string;
  index: number;
};

/**
 * Returns the stream of this name. Its start is 96 bits of a hash, so no arithmetic on the seed makes two
 * streams equal.
 */
export function randomStream(name: StreamName): SeededRandom {
  const digest = digestOf(name);
  return smallFastCounter(digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8));
}

/** Returns a seed of 48 bits for `seededRandom`, which can be stored and shown, unlike a stream. */
export function derivedSeed(name: StreamName): number {
  return digestOf(name).readUIntLE(0, 6);
}

function digestOf({ seed, purpose, index }: StreamName): Buffer {
  return createHash('sha256').update(`${purpose}\n${seed}\n${index}`).digest();
}

/** Returns sfc32 started from three words of state. */
function smallFastCounter(first: number, second: number, third: number): SeededRandom {
  let [a, b, c] = [first, second, third];
  let counter = 1;
  const draw = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) draw();
  return draw;
}

/** Returns 0 .. length-1 in random order (Fisher-Yates). */
export function shuffledIndices(length: number, random: SeededRandom): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
