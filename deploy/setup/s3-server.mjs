import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  cacheFolder,
  publishFolder,
  withLock,
  withWorkFolder,
} from '../../storage/assets/bootstrap/cache-folder.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import { findOnPath } from '../../storage/assets/bootstrap/temporal-executable.mjs';

const MODULE = 'github.com/versity/versitygw';
const VERSION = 'v1.8.0';
/** Of the module's files, as go.sum has it. */
const DIGEST = 'h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=';
// Of this version: only for the progress display.
const PACKAGES = 588;

/** The S3 server that tests store to: a `versitygw` on PATH, else the one that the set-up built; undefined where there is none. */
export function findS3Server() {
  return findOnPath('versitygw') ?? [cachedPath()].find(existsSync);
}

/** Builds it with Go (about 80 seconds on two cores). Without Go the tests that need it are skipped. */
export async function prepareS3Server(progress) {
  if (!findS3Server() && findOnPath('go')) {
    const onWait = () => progress('another set-up builds it: waiting');
    await withLock('versitygw', onWait, async () => {
      if (!findS3Server()) await build(progress);
    });
  }
  return findS3Server() ?? 'none: tests of the S3 store need Go, or versitygw on PATH';
}

function cachedPath() {
  const digest = Buffer.from(DIGEST.slice('h1:'.length), 'base64').toString('hex').slice(0, 12);
  return join(cacheFolder(), 'versitygw', `${VERSION}-${digest}`, 'versitygw');
}

/** Go's caches stay in the work folder and go with it. */
async function build(progress) {
  await withWorkFolder(async (work) => {
    const output = join(work, 'output');
    await mkdir(output);
    const env = {
      GOBIN: output,
      GOPATH: join(work, 'go'),
      GOMODCACHE: join(work, 'go', 'modules'),
      GOCACHE: join(work, 'go', 'builds'),
      // Go makes its module cache read-only otherwise, and then it cannot be removed.
      GOFLAGS: '-modcacherw',
      CGO_ENABLED: '0',
    };
    progress('building with Go: downloading its modules');
    await assertDigest({ work, env });
    let built = 0;
    const args = ['install', '-v', '-trimpath', '-ldflags=-s -w', `${MODULE}/cmd/versitygw@${VERSION}`];
    await runCommand('go', args, {
      log: 'versitygw-go-build',
      cwd: work,
      env,
      onLine: (line) => {
        if (line.startsWith('go: ')) return false;
        built += 1;
        progress(`building with Go: ${built} of about ${PACKAGES} packages`);
        return false;
      },
    });
    await publishFolder(output, dirname(cachedPath()));
  });
}

/** Its dependencies are pinned by its own go.sum, which this digest covers. */
async function assertDigest({ work, env }) {
  let found;
  await runCommand('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`], {
    log: 'versitygw-go-download',
    cwd: work,
    env,
    onLine: (line) => {
      found ??= /"Sum": "([^"]+)"/.exec(line)?.[1];
      return false;
    },
  });
  if (found !== DIGEST) throw new Error(`${MODULE}@${VERSION} has the digest ${found} instead of ${DIGEST}.`);
}
