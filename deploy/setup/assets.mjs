import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';

/** The models and datasets that each purpose of the set-up needs. */
export const ASSETS = {
  demo: ['smollm2-135m', 'wiki-topics'],
  test: ['smollm2-135m', 'minilm-l6-v2', 'wiki-topics', 'sms-spam', 'tweet-sentiment'],
};

/**
 * Whether all assets were fetched once. Later the TypeScript code that knows their digests checks that
 * they are intact.
 */
export function areAssetsFetched(names) {
  return names.every((name) => existsSync(join(cacheFolder(), 'assets', name)));
}

export async function prepareAssets(root, names, progress) {
  const script = fileURLToPath(new URL('fetch-assets.ts', import.meta.url));
  await runCommand(process.execPath, ['--import', 'tsx', script, ...names], {
    log: 'assets',
    cwd: root,
    onLine: (line) => {
      const [name, done, total] = line.split(' ');
      if (!names.includes(name)) return false;
      progress(`downloading ${name}`, Number(done), Number(total));
      return true;
    },
  });
  return names.join(', ');
}
