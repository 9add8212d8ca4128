import { createHash } from 'node:crypto';

type Values = Int32Array | Float32Array | Float64Array;

/** The start of every chain. */
export const EMPTY_DIGEST = '0'.repeat(64);

/** An unfinished link. It takes its values piece by piece, so that they need not be in memory together. */
export type OpenLink = {
  add(values: Values): void;
  /** Returns the digest, as hex. The link takes no more values afterwards. */
  close(): string;
};

/**
 * Opens one link of a digest chain: d_t = SHA-256(d_(t-1) || step || SHA-256(values)), as hex. The last
 * digest is the whole state, so a checkpoint holds one string per chain. The final digest of a resumed run
 * proves that it repeated the same draws and the same noise.
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

/** Returns the digest of {@link openLink} for values that are in memory. */
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
