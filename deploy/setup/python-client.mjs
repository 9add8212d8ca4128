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

/** Where Python finds the packages of the example in Python (PYTHONPATH); undefined where the set-up made none. */
export function findPythonClient() {
  return [packagesFolder()].find(existsSync);
}

/** Python with Temporal's SDK, for the test of the example in Python. Without Python, or out of reach, that test is skipped. */
export async function preparePythonClient(progress) {
  if (!findPythonClient()) {
    const onWait = () => progress('another set-up installs it: waiting');
    await withLock('python-client', onWait, async () => {
      progress(`installing temporalio ${VERSION}`);
      if (!findPythonClient()) await install().catch(() => {});
    });
  }
  return findPythonClient() ?? 'none: the test of the example in Python needs Python 3.10 with pip';
}

function packagesFolder() {
  return join(cacheFolder(), 'python-client', `temporalio-${VERSION}`);
}

/** Into a folder and not a virtual environment, which could not be moved to its place once it is whole. */
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
