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
// Of this version, as `go list -deps` counts them: only for the progress display.
const PACKAGES = 1297;

/**
 * A server for local runs: one that TEMPORAL_ADDRESS names, else a `temporal` on PATH, else one in the cache. Into the cache it
 * comes by the SDK's own download, or, where that is out of reach, by a build with Go (about three minutes on two cores).
 */
export async function prepareTemporalServer(root, progress) {
  if (process.env.TEMPORAL_ADDRESS) return `running at ${process.env.TEMPORAL_ADDRESS}`;
  if (!findTemporalExecutable()) {
    const onWait = () => progress('another set-up makes it: waiting');
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

/** Go's caches stay in the work folder and go with it: 2 GB that nothing else here needs. */
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
      // Go makes its module cache read-only otherwise, and then it cannot be removed.
      GOFLAGS: '-modcacherw',
      CGO_ENABLED: '0',
    },
  });
}
