import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, withLock } from '../storage/assets/bootstrap/cache-folder.mjs';
import { pythonExecutable } from '../storage/assets/bootstrap/fetch-wheel.mjs';
import { runCommand } from '../storage/assets/bootstrap/run-command.mjs';
import { sha256 } from '../storage/digest.ts';

/** Packages at pinned digests, and their displayed name. */
type Packages = { requirements: string; what: string };
const PYTORCH: Packages = {
  requirements: 'requirements.txt',
  what: 'PyTorch, transformers, PEFT and Opacus',
};
export const MAUVE_TEXT: Packages = {
  requirements: 'requirements-mauve.txt',
  what: 'mauve-text, FAISS and scikit-learn',
};
const CHECK_VERSION =
  'import sys; sys.version_info >= (3, 11) or sys.exit("The peer needs Python 3.11 or later: set PYTHON ' +
  'to one.")';

/**
 * A virtual environment with pinned packages, by default PyTorch, transformers, PEFT and Opacus, in the
 * cache; made on first use (about 7 GB for those on Linux x64, where the registry's PyTorch carries CUDA).
 * Needs Python 3.11 or later. Returns its Python.
 * Throws an Error with the end of pip's output.
 */
export async function peerPython(
  progress: (what: string) => void,
  packages: Packages = PYTORCH,
): Promise<string> {
  const path = fileURLToPath(new URL(`peer/${packages.requirements}`, import.meta.url));
  const requirements = await readFile(path);
  const folder = join(cacheFolder(), 'bench', `peer-${sha256(requirements).slice(0, 16)}`);
  // An environment contains its own path, so it cannot be built elsewhere and moved. A mark shows that
  // it is complete.
  const ready = join(folder, 'ready');
  const python = join(folder, 'bin', 'python');
  await withLock('bench-peer', undefined, async () => {
    if (existsSync(ready)) return;
    progress(`installing ${packages.what} into the cache, once`);
    await rm(folder, { recursive: true, force: true });
    await runCommand(pythonExecutable(), ['-c', CHECK_VERSION], { log: 'bench-python' });
    await runCommand(pythonExecutable(), ['-m', 'venv', folder], { log: 'bench-venv' });
    const install = [
      '-m',
      'pip',
      'install',
      '--no-deps',
      '--require-hashes',
      '--no-cache-dir',
      '--progress-bar',
      'off',
    ];
    await runCommand(python, [...install, '--requirement', path], {
      log: 'bench-pip',
      env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
      onLine: (line) => {
        const [what, name] = line.split(' ');
        if (what === 'Collecting') progress(`downloading ${name}`);
        if (what === 'Installing') progress('unpacking them: some minutes');
        return false;
      },
    });
    await writeFile(ready, '');
  });
  return python;
}
