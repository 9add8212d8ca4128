import { renderChangelog } from '../../engine/report/render-changelog.ts';
import {
  type PublishedVersion,
  type PublishVersionInput,
  publishVersionInput,
} from '../../schemas/resynthesis.ts';
import { versionsLayout } from '../../schemas/run-layout.ts';
import { publishedVersions } from '../../storage/published-versions.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createRepeatable } from '../repeatable.ts';

/**
 * Makes the release of a run the current version: `versions.json`, `changelog.md`, and last `current.json` of
 * `release/<release>/`, each replaced as a whole. All that stands in them the release of the run says already.
 */
export function createPublishVersion({ store }: ActivityDeps) {
  return createRepeatable({
    input: publishVersionInput,
    run: async (input) => {
      const { release } = input;
      const others = await publishedVersions({ store, release });
      const versions = [
        ...others.filter(({ version }) => version !== input.version),
        publishedVersion(input, await store.describe(input.result.release!)),
      ].sort((a, b) => a.version - b.version);
      const layout = versionsLayout(release);
      const changelog = renderChangelog({ release, versions });
      const replaced = { indented: true, replace: true };
      await store.putJson({ ...layout.versions, value: versions, ...replaced });
      await store.put({ ...layout.changelog, body: changelog, mediaType: 'text/markdown', replace: true });
      await store.putJson({ ...layout.current, value: versions.at(-1), ...replaced });
    },
  });
}

function publishedVersion(
  { version, mode, at, result }: PublishVersionInput,
  manifest: PublishedVersion['manifest'],
): PublishedVersion {
  const { run, statement, training, syntheticRecords, published } = result;
  return {
    version,
    run,
    mode,
    publishedAt: at,
    manifest,
    statement,
    epsilon: training?.epsilon ?? null,
    syntheticRecords,
    scores: published?.rows.find(({ source }) => source === 'synthetic')?.mean ?? null,
  };
}
