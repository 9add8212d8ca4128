import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  cacheFolder,
  publishFolder,
  withLock,
  withWorkFolder,
} from '../../storage/assets/bootstrap/cache-folder.mjs';
import { pythonExecutable } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';

const VERSION = '1.35.0';

/**
 * Returns the folder with the packages of the Python example (PYTHONPATH); undefined if the
 * set-up installed none.
 */
export function findPythonClient() {
  return [packagesFolder()].find(existsSync);
}

/**
 * Installs Temporal's SDK for Python, for the test of the Python example. If that fails, the test is skipped.
 */
export async function preparePythonClient(progress) {
  if (!findPythonClient()) {
    const onWait = () => progress('waiting for another set-up that is installing it');
    await withLock('python-client', onWait, async () => {
      progress(`installing temporalio ${VERSION}`);
      if (!findPythonClient()) await install().catch(() => {});
    });
  }
  return findPythonClient() ?? 'none; the test of the Python example is skipped without Python 3.10 and pip';
}

function packagesFolder() {
  return join(cacheFolder(), 'python-client', `temporalio-${VERSION}`);
}

/** Installs into a folder, because a virtual environment cannot be moved to its place once it is complete. */
async function install() {
  await withWorkFolder(async (work) => {
    const output = join(work, 'output');
    await runCommand(
      pythonExecutable(),
      ['-m', 'pip', 'install', '--only-binary=:all:', '--target', output, `temporalio==${VERSION}`],
      { log: 'python-client', env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' } },
    );
    await publishFolder(output, packagesFolder());
  });
}
