import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishFolder, withLock, withWorkFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import {
  cachedTemporalPath,
  findTemporalExecutable,
  TEMPORAL_VERSION,
} from '../../storage/assets/bootstrap/temporal-executable.mjs';
import { assertPrerequisites } from './prerequisites.mjs';

const DOWNLOAD_TIMEOUT_MS = 180_000;
const MODULE = 'github.com/temporalio/cli/cmd/temporal';
// Number of packages of this version, as `go list -deps` counts them, only for the progress display.
const PACKAGES = 1297;

/**
 * Provides a server for local runs: the one at TEMPORAL_ADDRESS, else `temporal` on PATH, else one in
 * the cache. For the cache the SDK downloads it, or, if that fails, Go builds it (about three minutes
 * on two cores).
 */
export async function prepareTemporalServer(root, progress) {
  if (process.env.TEMPORAL_ADDRESS) return `running at ${process.env.TEMPORAL_ADDRESS}`;
  if (!findTemporalExecutable()) {
    const onWait = () => progress('waiting for another set-up that is installing it');
    await withLock('temporal', onWait, async () => {
      if (!findTemporalExecutable()) await downloadOrBuild(root, progress);
    });
  }
  return findTemporalExecutable();
}

async function downloadOrBuild(root, progress) {
  await withWorkFolder(async (work) => {
    const output = join(work, 'output');
    await mkdir(output);
    progress('downloading');
    const downloaded = await download(root, work).catch(() => undefined);
    if (downloaded) await rename(downloaded, join(output, 'temporal'));
    else await buildWithGo(work, output, progress);
    await chmod(join(output, 'temporal'), 0o755);
    await publishFolder(output, dirname(cachedTemporalPath()));
  });
}

async function download(root, work) {
  const folder = join(work, 'download');
  await mkdir(folder);
  const script = fileURLToPath(new URL('download-temporal.mjs', import.meta.url));
  await runCommand(process.execPath, [script, folder, TEMPORAL_VERSION], {
    log: 'temporal-download',
    cwd: root,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const [name] = await readdir(folder);
  return join(folder, name);
}

/** Go's caches (2 GB) are in the work folder, so they are deleted with it. */
async function buildWithGo(work, output, progress) {
  await assertPrerequisites(new Set(['go']));
  progress('building with Go: downloading its modules');
  let built = 0;
  const args = ['install', '-v', '-trimpath', '-ldflags=-s -w', `${MODULE}@${TEMPORAL_VERSION}`];
  await runCommand('go', args, {
    log: 'temporal-go-build',
    onLine: (line) => {
      if (line.startsWith('go: ')) return false;
      built += 1;
      progress(`building with Go: ${built} of about ${PACKAGES} packages`);
      return false;
    },
    cwd: work,
    env: {
      GOBIN: output,
      GOPATH: join(work, 'go'),
      GOMODCACHE: join(work, 'go', 'modules'),
      GOCACHE: join(work, 'go', 'builds'),
      // Otherwise Go makes its module cache read-only, so that it cannot be removed.
      GOFLAGS: '-modcacherw',
      CGO_ENABLED: '0',
    },
  });
}
