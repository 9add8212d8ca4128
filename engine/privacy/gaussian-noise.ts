import type { Keystream } from './keystream.ts';

const TWO_TO_MINUS_53 = 2 ** -53;
/** Coordinates made from one block: four Box-Muller pairs give two of them. */
const PAIRS = 4;
const BLOCK = 1024;

/**
 * `length` standard Gaussians, in float64. Each is the sum of four independent Gaussians over two: the defence of Holohan and Braghin 2021
 * (arXiv 2107.10138) against attacks that read the floating-point pattern of one Box-Muller sample. The four come from four different
 * pairs: cosine and sine of one pair would add up to a single Gaussian again.
 */
export function gaussianNoise(keystream: Keystream, length: number): Float64Array {
  const noise = new Float64Array(length);
  const uniforms = new Float64Array(BLOCK * PAIRS);
  const block = new Float64Array(BLOCK);
  for (let start = 0; start < length; start += BLOCK) {
    keystream.fillUniform53(uniforms);
    fillHardened(block, uniforms);
    noise.set(length - start < BLOCK ? block.subarray(0, length - start) : block, start);
  }
  return noise;
}

function fillHardened(ready: Float64Array, uniforms: Float64Array): void {
  for (let k = 0, u = 0; k < ready.length; k += 2) {
    let [first, second] = [0, 0];
    for (let pair = 0; pair < PAIRS; pair += 1, u += 2) {
      // (v + 1) 2^-53 is in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log((uniforms[u] + 1) * TWO_TO_MINUS_53));
      const angle = 2 * Math.PI * TWO_TO_MINUS_53 * uniforms[u + 1];
      first += radius * Math.cos(angle);
      second += radius * Math.sin(angle);
    }
    ready[k] = first / 2;
    ready[k + 1] = second / 2;
  }
}
