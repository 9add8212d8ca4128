import { createHash } from 'node:crypto';

type Values = Int32Array | Float32Array | Float64Array;

/** Digest of nothing yet: where every chain starts. */
export const EMPTY_DIGEST = '0'.repeat(64);

/**
 * One link of a digest chain, d_t = SHA-256(d_(t-1) || step || SHA-256(values)), as hex. The last value is all the state there is, so a
 * checkpoint holds one string a chain, and a resumed run proves by its final value that it repeated the same draws and the same noise.
 */
export function extendDigest(
  previous: string,
  { step, values }: { step: number; values: Values | readonly Values[] },
): string {
  const content = createHash('sha256');
  for (const array of ArrayBuffer.isView(values) ? [values] : values) content.update(bytesOf(array));
  return createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(`${step}`)
    .update(content.digest())
    .digest('hex');
}

function bytesOf(array: Values): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
