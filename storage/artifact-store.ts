import type { Area, ArtifactRef, Manifest } from '../schemas/artifact.ts';

/** Where an artifact stands: its area and its path inside it, which begins with the run. */
export type ArtifactKey = { area: Area; key: string };

/**
 * The artifact store: immutable files in two areas. `put` is atomic: a reader sees the whole artifact or none,
 * and a failed or interrupted write leaves nothing.
 */
export type ArtifactStore = {
  readonly uri: string;
  /** Throws StorageFull or StorageUnavailable. Writing the same bytes again is allowed; other bytes are refused unless `replace`. */
  put(
    params: ArtifactKey & {
      body: Uint8Array | string | AsyncIterable<Uint8Array | string>;
      mediaType: string;
      rows?: number;
      replace?: boolean;
    },
  ): Promise<ArtifactRef>;
  /** The bytes, checked against the digest. Throws ArtifactCorrupt or StorageUnavailable. */
  read(ref: ArtifactRef): Promise<Buffer>;
  /** True where the artifact is there with the bytes that it was written with. Reads it, but not into memory. */
  holds(ref: ArtifactRef): Promise<boolean>;
  /** The bytes of a small internal file by key, or null where there is none (run keys, checkpoints, step results). */
  readKey(key: ArtifactKey): Promise<Buffer | null>;
  /** Keys below a prefix, sorted. */
  list(key: ArtifactKey): Promise<string[]>;
  remove(key: ArtifactKey): Promise<void>;
  /** Writes `<run>/manifest.json`, last and whole. */
  commitManifest(manifest: Manifest): Promise<ArtifactRef>;
};
