import { z } from 'zod';
import { type PublishedVersion, publishedVersionSchema } from '../schemas/resynthesis.ts';
import type { ArtifactStore } from './artifact-store.ts';

/** The published versions of a release, in their order. */
export async function publishedVersions(params: {
  store: ArtifactStore;
  release: string;
}): Promise<PublishedVersion[]> {
  const bytes = await params.store.readKey({ area: 'release', key: `${params.release}/versions.json` });
  return bytes === null ? [] : z.array(publishedVersionSchema).parse(JSON.parse(bytes.toString('utf8')));
}
