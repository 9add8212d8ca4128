import { z } from 'zod';

/**
 * `private/` contains what was computed from private records; `release/` only what went
 * through the mechanism.
 */
export const areaSchema = z.enum(['private', 'release']);
export type Area = z.infer<typeof areaSchema>;

/**
 * A pointer to an immutable artifact. Temporal carries pointers, but never bytes, plain digests or sizes. A
 * person who knows all records except one attribute could compute those for each value of it, and compare
 * them with the history.
 */
export const artifactRefSchema = z.strictObject({
  uri: z.string(),
  keyedDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("HMAC-SHA256 of the content's SHA-256 under the secret of the store"),
  mediaType: z.string(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** An artifact with its plain digest and size, as in manifests and reports. It stays in the store. */
export const storedArtifactSchema = z.strictObject({
  uri: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string(),
  rows: z.int().nonnegative().optional(),
});
export type StoredArtifact = z.infer<typeof storedArtifactSchema>;

/**
 * Lists everything that a run made. It is committed last: what no committed manifest lists was not released.
 */
export const manifestSchema = z.strictObject({
  run: z.string(),
  area: areaSchema,
  createdAt: z.string(),
  codeVersion: z.string(),
  config: z.unknown(),
  seedPolicy: z.string(),
  inputs: z.record(z.string(), storedArtifactSchema),
  outputs: z.record(z.string(), storedArtifactSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
