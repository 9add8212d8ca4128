import type { Keystream } from './keystream.ts';

const TWO_TO_MINUS_53 = 2 ** -53;
/** Box-Muller pairs that are added up for two coordinates. */
const PAIRS = 4;
const BLOCK = 1024;

/**
 * Hands `length` standard Gaussians (float64) to `take` in consecutive blocks, so that a hundred million of
 * them need no memory; each block is overwritten by the next. Each Gaussian is the sum of four independent
 * ones, divided by two. This is the defence of Holohan and Braghin 2021 (arXiv 2107.10138) against attacks
 * that read the floating-point pattern of one Box-Muller sample. The four come from four different pairs:
 * cosine and sine of one pair would add up to a single Gaussian again.
 */
export function gaussianBlocks(
  keystream: Keystream,
  length: number,
  take: (block: Float64Array, start: number) => void,
): void {
  const uniforms = new Float64Array(BLOCK * PAIRS);
  const block = new Float64Array(BLOCK);
  for (let start = 0; start < length; start += BLOCK) {
    const count = Math.min(BLOCK, length - start);
    // Values are made in pairs.
    const made = count + (count % 2);
    keystream.fillUniform53(uniforms.subarray(0, made * PAIRS));
    fillHardened(block.subarray(0, made), uniforms);
    take(block.subarray(0, count), start);
  }
}

/** Returns the `length` standard Gaussians of {@link gaussianBlocks} in one array. */
export function gaussianNoise(keystream: Keystream, length: number): Float64Array {
  const noise = new Float64Array(length);
  gaussianBlocks(keystream, length, (block, start) => noise.set(block, start));
  return noise;
}

function fillHardened(ready: Float64Array, uniforms: Float64Array): void {
  for (let k = 0, u = 0; k < ready.length; k += 2) {
    let first = 0;
    let second = 0;
    for (let pair = 0; pair < PAIRS; pair++, u += 2) {
      // (v + 1) 2^-53 is in (0, 1], so the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log((uniforms[u] + 1) * TWO_TO_MINUS_53));
      const quarters = uniforms[u + 1] * TWO_TO_MINUS_51;
      const quadrant = (quarters + 0.5) | 0;
      const angle = (quarters - quadrant) * HALF_PI;
      const square = angle * angle;
      const cosine = cosineNearZero(square);
      const sine = sineNearZero(angle, square);
      const turnCosine = QUADRANT_COSINE[quadrant & 3];
      const turnSine = QUADRANT_COSINE[(quadrant + 3) & 3];
      first += radius * (turnCosine * cosine - turnSine * sine);
      second += radius * (turnSine * cosine + turnCosine * sine);
    }
    ready[k] = first / 2;
    ready[k + 1] = second / 2;
  }
}

const TWO_TO_MINUS_51 = 2 ** -51;
const HALF_PI = Math.PI / 2;
/** Cosines of 0 to 3 quarter turns; the sine of a turn is the cosine of three quarter turns more. */
const QUADRANT_COSINE = Float64Array.of(1, 0, -1, 0);

// Cosine and sine together, without range reduction beyond the quadrant, take a quarter of the time of
// Math.cos and Math.sin, and are the same on every version of the engine. The coefficients are those of
// fdlibm's kernels, accurate to one unit in the last place for angles up to pi / 4.
function cosineNearZero(z: number): number {
  const tail =
    0.0416666666666666 +
    z *
      (-0.001388888888887411 +
        z *
          (2.480158728947673e-5 +
            z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))));
  return 1 - z * (0.5 - z * tail);
}

function sineNearZero(x: number, z: number): number {
  const tail =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x + x * z * (-0.16666666666666632 + z * tail);
}
