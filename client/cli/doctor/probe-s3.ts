import { randomUUID } from 'node:crypto';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import type { EnvironmentCheck } from '../../../storage/assets/environment.ts';
import { openStore } from '../../../storage/open-store.ts';

/**
 * Does once what runs do in an S3 store: writes, reads, lists and removes, and checks that
 * nothing is overwritten.
 */
export async function probeS3(uri: string): Promise<Omit<EnvironmentCheck, 'name'>> {
  try {
    const store = await openStore(uri);
    // No run can have this name, because run names contain no `@`.
    const place = { area: 'private', key: `probe@1/${randomUUID()}` } as const;
    const ref = await store.put({ ...place, body: 'probe', mediaType: 'text/plain' });
    try {
      await store.read(ref);
      await store.list({ area: 'private', key: 'probe@1' });
      if (!(await refusesOverwriting(() => store.put({ ...place, body: 'other', mediaType: 'text/plain' }))))
        return {
          ok: false,
          detail: `${store.uri} ignores conditional writes (If-None-Match)`,
          fix: "Use a server that supports them. Otherwise two workers may overwrite each other's files.",
        };
    } finally {
      await store.remove(place);
    }
    return { ok: true, detail: store.uri };
  } catch (error) {
    // The first sentence says what was found, the others say what to do.
    const [detail, ...fix] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) /);
    return { ok: false, detail: detail!, fix: fix.join(' ') || 'Correct DPSYNTH_STORE.' };
  }
}

async function refusesOverwriting(overwrite: () => Promise<unknown>): Promise<boolean> {
  try {
    await overwrite();
    return false;
  } catch (error) {
    if (error instanceof DpsynthError && error.type === ErrorType.ArtifactCorrupt) return true;
    throw error;
  }
}
