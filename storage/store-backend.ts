import type { ArtifactStore } from './artifact-store.ts';

/** The bytes of an artifact, by SHA-256 and size. */
export type Measured = { sha256: string; bytes: number };

/**
 * What a kind of storage must do. Digests in references, and all checks against them, are made on top of it.
 */
export type StoreBackend = Pick<ArtifactStore, 'uri' | 'readKey' | 'list' | 'remove' | 'folders'> & {
  /** As `put` of a store. Says where the artifact is and what was written. */
  write(params: Parameters<ArtifactStore['put']>[0]): Promise<Measured & { uri: string }>;
  /** The bytes at a URI; null if nothing is there. Throws StorageUnavailable for a URI outside the store. */
  readUri(uri: string): Promise<Buffer | null>;
  /**
   * Measures what is at a URI without holding it in memory; null if nothing is there, or it is
   * outside the store.
   * Throws ArtifactCorrupt if the storage itself sees that it was changed.
   */
  measureUri(uri: string): Promise<Measured | null>;
};
