const SIZE = 624;
const SHIFT = 397;

/**
 * Returns a generator of the 32-bit numbers of MT19937 (Matsumoto and Nishimura 1998), equal to
 * `std::mt19937`. It only serves to choose the same initial centroids as the reference implementation of
 * MAUVE; everything else uses `seededRandom`.
 */
export function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  let place = SIZE;

  function renew(): void {
    for (let i = 0; i < SIZE; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % SIZE] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    place = 0;
  }

  return () => {
    if (place === SIZE) renew();
    let word = state[place];
    place += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}
