import type { Keystream } from './keystream.ts';

const CHUNK = 8192;

/**
 * Returns the indices of a Poisson sample, ascending and possibly none: each of `records` records is drawn
 * independently with probability `samplingRate`, by comparing 53 uniform bits. The probability that is used
 * is samplingRate rounded down to a multiple of 2^-53, so it is never above what is accounted for.
 */
export function poissonDraw(
  keystream: Keystream,
  { records, samplingRate }: { records: number; samplingRate: number },
): Int32Array {
  const threshold = Math.floor(samplingRate * 2 ** 53);
  const uniforms = new Float64Array(Math.min(CHUNK, records));
  const drawn: number[] = [];
  for (let start = 0; start < records; start += CHUNK) {
    keystream.fillUniform53(uniforms);
    const count = Math.min(CHUNK, records - start);
    for (let k = 0; k < count; k++) if (uniforms[k] < threshold) drawn.push(start + k);
  }
  return Int32Array.from(drawn);
}
