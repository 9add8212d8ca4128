import { z } from 'zod';

/**
 * `private/` holds what was computed from private records; `release/` only what went through the mechanism.
 */
export const areaSchema = z.enum(['private', 'release']);
export type Area = z.infer<typeof areaSchema>;

/**
 * A pointer to an immutable artifact. Temporal carries these, never the bytes, and never a plain digest or a
 * size: whoever knows all records but one attribute could compute those for each value of it, and see which
 * one stands in the history.
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

/** An artifact with its plain digest and size, as manifests and reports list it. Stays in the store. */
export const storedArtifactSchema = z.strictObject({
  uri: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string(),
  rows: z.int().nonnegative().optional(),
});
export type StoredArtifact = z.infer<typeof storedArtifactSchema>;

/** Lists all that a run made. Committed last: what is in no committed manifest was not released. */
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
