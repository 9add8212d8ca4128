import type { ArtifactStore } from './artifact-store.ts';

/** SHA-256 and size of the bytes of an artifact. */
export type Measured = { sha256: string; bytes: number };

/**
 * Operations of a storage backend. Keyed digests in references, and all checks against them, are added on
 * top of it.
 */
export type StoreBackend = Pick<ArtifactStore, 'uri' | 'readKey' | 'list' | 'remove' | 'folders'> & {
  /** Like `put` of a store. Returns where the artifact is and what was written. */
  write(params: Parameters<ArtifactStore['put']>[0]): Promise<Measured & { uri: string }>;
  /**
   * Returns the bytes at a URI; null if nothing is there. Throws StorageUnavailable for a URI
   * outside the store.
   */
  readUri(uri: string): Promise<Buffer | null>;
  /**
   * Returns the digest and size of what is at a URI, without loading it into memory; null if nothing is there
   * or the URI is outside the store. Throws ArtifactCorrupt if the storage itself detects a change.
   */
  measureUri(uri: string): Promise<Measured | null>;
};
