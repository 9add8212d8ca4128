import { z } from 'zod';

/** `private/` holds what was computed from private records; `release/` only what went through the mechanism. */
export const areaSchema = z.enum(['private', 'release']);
export type Area = z.infer<typeof areaSchema>;

/** A pointer to an immutable artifact. Temporal carries these, never the bytes. */
export const artifactRefSchema = z.strictObject({
  uri: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string(),
  rows: z.int().nonnegative().optional(),
});
export type ArtifactRef = z.infer<typeof artifactRefSchema>;

/** Lists all that a run made. Committed last: what is in no committed manifest was not released. */
export const manifestSchema = z.strictObject({
  run: z.string(),
  area: areaSchema,
  createdAt: z.string(),
  codeVersion: z.string(),
  config: z.unknown(),
  seedPolicy: z.string(),
  inputs: z.record(z.string(), artifactRefSchema),
  outputs: z.record(z.string(), artifactRefSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
