import { createHash } from 'node:crypto';

type Values = Int32Array | Float32Array | Float64Array;

/** Digest of nothing yet: where every chain starts. */
export const EMPTY_DIGEST = '0'.repeat(64);

/** A link that is not closed yet: takes its values piece by piece, so that they need not be in memory together. */
export type OpenLink = {
  add(values: Values): void;
  /** The digest, as hex. Takes no more values. */
  close(): string;
};

/**
 * One link of a digest chain, d_t = SHA-256(d_(t-1) || step || SHA-256(values)), as hex. The last value is all the state there is, so a
 * checkpoint holds one string a chain, and a resumed run proves by its final value that it repeated the same draws and the same noise.
 */
export function openLink(previous: string, step: number): OpenLink {
  const content = createHash('sha256');
  return {
    add: (values) => {
      content.update(bytesOf(values));
    },
    close: () =>
      createHash('sha256')
        .update(Buffer.from(previous, 'hex'))
        .update(`${step}`)
        .update(content.digest())
        .digest('hex'),
  };
}

/** {@link openLink} of values that are at hand. */
export function extendDigest(
  previous: string,
  { step, values }: { step: number; values: readonly Values[] },
): string {
  const link = openLink(previous, step);
  for (const array of values) link.add(array);
  return link.close();
}

function bytesOf(array: Values): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
