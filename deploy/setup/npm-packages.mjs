import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';

/**
 * Whether node_modules contains the packages of package-lock.json. npm writes what it installed to
 * node_modules/.package-lock.json last. Optional packages for other platforms may be missing there.
 */
export async function areNpmPackagesInstalled(root) {
  const [wanted, installed] = await Promise.all([
    readPackages(join(root, 'package-lock.json')),
    readPackages(join(root, 'node_modules', '.package-lock.json')).catch(() => undefined),
  ]);
  if (!installed) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    const found = installed[path];
    const same = found
      ? found.version === entry.version && found.integrity === entry.integrity
      : entry.optional;
    if (path !== '' && !same) return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

export async function installNpmPackages(root, progress) {
  const lock = `npm-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
  await withLock(
    lock,
    () => progress('waiting for another set-up that is installing them'),
    async () => {
      if (await areNpmPackagesInstalled(root)) return;
      progress('running npm ci');
      // Prefer the npm that runs this script, which may not be the one on PATH.
      const npm = process.env.npm_execpath;
      const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
      await runCommand(command, [...args, 'ci', '--no-progress'], { log: 'npm-ci', cwd: root });
    },
  );
}

async function readPackages(path) {
  return JSON.parse(await readFile(path, 'utf8')).packages;
}
