import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import type { ArtifactKey, ArtifactStore } from './artifact-store.ts';

/**
 * Writes a JSON record where there is none. False where another writer was first with other content; the same
 * again is no change.
 */
export async function putOnce(
  params: ArtifactKey & { store: ArtifactStore; record: object },
): Promise<boolean> {
  const { store, record, area, key } = params;
  try {
    await store.putJson({ area, key, value: record });
    return true;
  } catch (error) {
    const isTaken = error instanceof DpsynthError && error.type === ErrorType.ArtifactCorrupt;
    if (isTaken && (await store.readKey({ area, key })) !== null) return false;
    throw error;
  }
}
