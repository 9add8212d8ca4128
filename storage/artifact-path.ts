import { join } from 'node:path';
import { invalidConfig } from '../schemas/errors.ts';
import type { ArtifactKey } from './artifact-store.ts';

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._@=+-]*$/;

/**
 * The file of an artifact below the root of a file store. Throws InvalidConfig as `assertArtifactKey` does.
 */
export function artifactPath(params: { root: string } & ArtifactKey): string {
  assertArtifactKey(params.key);
  return join(params.root, params.area, ...params.key.split('/'));
}

/**
 * Throws InvalidConfig for a key that could leave its area (`..`, absolute) or that hides a file
 * (a leading dot).
 */
export function assertArtifactKey(key: string): void {
  const bad = badSegment(key);
  if (bad !== undefined)
    throw invalidConfig(
      `The artifact key ${JSON.stringify(key)} is refused because of ${JSON.stringify(bad)}: ` +
        'use letters, digits, dot, dash and underscore between slashes, and no part that begins with a dot.',
    );
}

/** The first part of a key that no artifact can have. */
export function badSegment(key: string): string | undefined {
  return key.split('/').find((segment) => !SEGMENT.test(segment));
}
