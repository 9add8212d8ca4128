import { z } from 'zod';
import { type PublishedVersion, publishedVersionSchema } from '../schemas/resynthesis.ts';
import { versionsLayout } from '../schemas/run-layout.ts';
import type { ArtifactStore } from './artifact-store.ts';

/** The published versions of a release, in their order. */
export async function publishedVersions(params: {
  store: ArtifactStore;
  release: string;
}): Promise<PublishedVersion[]> {
  const { versions } = versionsLayout(params.release);
  return (await params.store.readKeyJson(versions, z.array(publishedVersionSchema))) ?? [];
}
