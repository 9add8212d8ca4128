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
/** Digest of the module's files, as in go.sum. */
const DIGEST = 'h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=';
// Number of packages of this version, only for the progress display.
const PACKAGES = 588;

/**
 * Returns the S3 server for tests: a `versitygw` on PATH, else the one that the set-up built; undefined if
 * there is none.
 */
export function findS3Server() {
  return findOnPath('versitygw') ?? [cachedPath()].find(existsSync);
}

/**
 * Builds the S3 server with Go (about 80 seconds on two cores). Without Go the tests that need
 * it are skipped.
 */
export async function prepareS3Server(progress) {
  if (!findS3Server() && findOnPath('go')) {
    const onWait = () => progress('waiting for another set-up that is building it');
    await withLock('versitygw', onWait, async () => {
      if (!findS3Server()) await build(progress);
    });
  }
  return findS3Server() ?? 'none; tests of the S3 store are skipped without Go or versitygw on PATH';
}

function cachedPath() {
  const digest = Buffer.from(DIGEST.slice('h1:'.length), 'base64').toString('hex').slice(0, 12);
  return join(cacheFolder(), 'versitygw', `${VERSION}-${digest}`, 'versitygw');
}

/** Go's caches are in the work folder, so they are deleted with it. */
async function build(progress) {
  await withWorkFolder(async (work) => {
    const output = join(work, 'output');
    await mkdir(output);
    const env = {
      GOBIN: output,
      GOPATH: join(work, 'go'),
      GOMODCACHE: join(work, 'go', 'modules'),
      GOCACHE: join(work, 'go', 'builds'),
      // Otherwise Go makes its module cache read-only, so that it cannot be removed.
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

/** Checks the digest of the module, which covers its go.sum and so pins its dependencies. */
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
  if (found !== DIGEST)
    throw new Error(
      `${MODULE}@${VERSION} has the digest ${found}, but ${DIGEST} is expected. Nothing was built.`,
    );
}
