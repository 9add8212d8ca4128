import type { z } from 'zod';
import type { Area, ArtifactRef, Manifest, StoredArtifact } from '../schemas/artifact.ts';

/** What names an artifact and tells whether it was changed. */
export type Reference = ArtifactRef | StoredArtifact;

/** Where an artifact stands: its area and its path inside it, which begins with the run. */
export type ArtifactKey = { area: Area; key: string };

/**
 * The artifact store: immutable files in two areas. `put` is atomic: a reader sees the whole artifact or
 * none, and a failed or interrupted write leaves nothing.
 */
export type ArtifactStore = {
  readonly uri: string;
  /**
   * Throws StorageFull or StorageUnavailable. Writing the same bytes again is allowed; other bytes are
   * refused unless `replace`.
   */
  put(
    params: ArtifactKey & {
      body: Uint8Array | string | AsyncIterable<Uint8Array | string>;
      mediaType: string;
      replace?: boolean;
    },
  ): Promise<ArtifactRef>;
  /** Puts a value as JSON: on one line, or `indented` where people read it. Throws as `put` does. */
  putJson(
    params: ArtifactKey & { value: unknown; indented?: boolean; replace?: boolean },
  ): Promise<ArtifactRef>;
  /** The bytes, checked against the digest. Throws ArtifactCorrupt or StorageUnavailable. */
  read(ref: Reference): Promise<Buffer>;
  /** The JSON of an artifact, as the schema gives it. Throws as `read` does, and ArtifactCorrupt if it has another form. */
  readJson<T>(ref: Reference, schema: z.ZodType<T>): Promise<T>;
  /** True if the artifact is there with the bytes that it was written with. Reads it, but not into memory. */
  holds(ref: Reference): Promise<boolean>;
  /**
   * The artifact with its plain digest and size, for manifests and reports. Reads and checks it. Throws
   * as `read` does.
   */
  describe(ref: ArtifactRef, about?: { rows?: number }): Promise<StoredArtifact>;
  /**
   * HMAC-SHA256 of a text under the secret of the store, as hex. Two texts can be compared by it, and
   * nobody without access to the store can compute it for a guess. `purpose` keeps digests of
   * different things apart.
   */
  keyedDigest(params: { purpose: string; text: string }): Promise<string>;
  /**
   * The bytes of a small internal file by key, or null where there is none (run keys,
   * checkpoints, step results).
   */
  readKey(key: ArtifactKey): Promise<Buffer | null>;
  /** The JSON of such a file, or null where there is none. Throws ArtifactCorrupt if it has another form. */
  readKeyJson<T>(key: ArtifactKey, schema: z.ZodType<T>): Promise<T | null>;
  /** The same, and null as well if it has another form, as another version may have kept it. Throws ArtifactCorrupt if it is no JSON. */
  findKeyJson<T>(key: ArtifactKey, schema: z.ZodType<T>): Promise<T | null>;
  /** Keys below a prefix, sorted. */
  list(key: ArtifactKey): Promise<string[]>;
  remove(key: ArtifactKey): Promise<void>;
  /**
   * The folders at the top of an area, sorted by name, each with the time at which its newest
   * file was written.
   */
  folders(params: { area: Area }): Promise<{ name: string; newest: Date }[]>;
  /** Writes `<run>/manifest.json`, last and whole. */
  commitManifest(manifest: Manifest): Promise<ArtifactRef>;
};
