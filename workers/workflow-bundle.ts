import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { cacheFolder } from '../storage/assets/bootstrap/cache-folder.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OLD_MS = 7 * 24 * 3_600_000;
const require = createRequire(import.meta.url);

/**
 * Returns the file with the bundle of the workflows. Bundling takes seconds, so the bundle is kept in the
 * cache folder under a digest of its inputs: the sources and the versions of the packages.
 */
export async function workflowBundle(): Promise<{ codePath: string }> {
  const folder = join(cacheFolder(), 'workflow-bundles');
  const codePath = join(folder, `${await sourceDigest()}.js`);
  try {
    await access(codePath);
    return { codePath };
  } catch {
    // Not bundled yet.
  }
  const { code } = await bundleWorkflowCode({ workflowsPath: join(root, 'workflows', 'index.ts') });
  await mkdir(folder, { recursive: true });
  const temporary = `${codePath}.${randomUUID()}.tmp`;
  await writeFile(temporary, code);
  await rename(temporary, codePath);
  await removeOld(folder);
  return { codePath };
}

/**
 * Removes bundles of other versions, left by earlier checkouts. They are rebuilt if they are needed again.
 */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > OLD_MS) await rm(join(folder, name), { force: true });
  }
}

async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['@temporalio/worker', '@temporalio/workflow', 'zod'])
    hash.update(`${name}@${(require(`${name}/package.json`) as { version: string }).version}\n`);
  for (const folder of ['workflows', 'schemas'])
    for (const file of (await readdir(join(root, folder), { recursive: true })).sort())
      if (file.endsWith('.ts') && !file.endsWith('.test.ts'))
        hash.update(`${folder}/${file}\n`).update(await readFile(join(root, folder, file)));
  return hash.digest('hex');
}
