import type { z } from 'zod';
import type { Area, ArtifactRef, Manifest, StoredArtifact } from '../schemas/artifact.ts';

/** Names an artifact and shows whether it was changed. */
export type Reference = ArtifactRef | StoredArtifact;

/** Place of an artifact: its area and its path inside it, which begins with the run. */
export type ArtifactKey = { area: Area; key: string };

/**
 * The artifact store, with immutable files in two areas. `put` is atomic: a reader sees the whole artifact or
 * none, and a failed or interrupted write leaves nothing behind.
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
  /** Puts a value as JSON: on one line, or `indented` if people read it. Throws like `put`. */
  putJson(
    params: ArtifactKey & { value: unknown; indented?: boolean; replace?: boolean },
  ): Promise<ArtifactRef>;
  /** Returns the bytes, checked against the digest. Throws ArtifactCorrupt or StorageUnavailable. */
  read(ref: Reference): Promise<Buffer>;
  /**
   * Returns the JSON of an artifact, parsed by the schema. Throws like `read`, and ArtifactCorrupt if the
   * JSON does not match.
   */
  readJson<T>(ref: Reference, schema: z.ZodType<T>): Promise<T>;
  /** Returns true if the artifact exists with the bytes that were written. Reads it, but not into memory. */
  holds(ref: Reference): Promise<boolean>;
  /**
   * Returns the artifact with its plain digest and size, for manifests and reports. Reads and checks it.
   * Throws like `read`.
   */
  describe(ref: ArtifactRef, about?: { rows?: number }): Promise<StoredArtifact>;
  /**
   * Returns the HMAC-SHA256 of a text under the secret of the store, as hex. It allows comparing two
   * texts, but nobody without access to the store can compute it for a guess. `purpose` separates digests
   * of different things.
   */
  keyedDigest(params: { purpose: string; text: string }): Promise<string>;
  /**
   * Returns the bytes of a small internal file by key (run keys, checkpoints, step results), or null if
   * there is none.
   */
  readKey(key: ArtifactKey): Promise<Buffer | null>;
  /**
   * Returns the JSON of such a file, or null if there is none. Throws ArtifactCorrupt if it does not
   * match the schema.
   */
  readKeyJson<T>(key: ArtifactKey, schema: z.ZodType<T>): Promise<T | null>;
  /**
   * Returns the JSON of such a file, or null if there is none or it does not match the schema, because
   * another version may have written it. Throws ArtifactCorrupt if it is not JSON.
   */
  findKeyJson<T>(key: ArtifactKey, schema: z.ZodType<T>): Promise<T | null>;
  /** Returns the keys below a prefix, sorted. */
  list(key: ArtifactKey): Promise<string[]>;
  remove(key: ArtifactKey): Promise<void>;
  /**
   * Returns the top folders of an area, sorted by name, each with the time at which its newest
   * file was written.
   */
  folders(params: { area: Area }): Promise<{ name: string; newest: Date }[]>;
  /** Writes `<run>/manifest.json` atomically, as the last file of a run. */
  commitManifest(manifest: Manifest): Promise<ArtifactRef>;
};
