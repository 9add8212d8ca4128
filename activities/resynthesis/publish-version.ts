import { renderChangelog } from '../../engine/report/render-changelog.ts';
import {
  type PublishedVersion,
  type PublishVersionInput,
  publishVersionInput,
} from '../../schemas/resynthesis.ts';
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
      const put = (name: string, body: string, mediaType: string) =>
        store.put({ area: 'release', key: `${release}/${name}`, body, mediaType, replace: true });
      await put('versions.json', json(versions), 'application/json');
      await put('changelog.md', renderChangelog({ release, versions }), 'text/markdown');
      await put('current.json', json(versions.at(-1)), 'application/json');
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

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
