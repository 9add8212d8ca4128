import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonExecutable } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { findOnPath } from '../../storage/assets/bootstrap/temporal-executable.mjs';

const run = promisify(execFile);

/**
 * Throws one line for each tool that the next steps need and this machine lacks: `python`, `compiler`, `go`.
 */
export async function assertPrerequisites(needed) {
  const missing = [];
  if (needed.has('python') && !(await pipWorks())) {
    missing.push(
      'Python 3 with pip is missing. Install it (Debian or Ubuntu: apt-get install python3-pip; macOS: brew install python), ' +
        'or set PYTHON to a Python that has pip.',
    );
  }
  if (needed.has('compiler') && !process.env.CXX && !findOnPath(cppCompiler())) {
    missing.push(
      'A C++ compiler is missing. Install one (Debian or Ubuntu: apt-get install g++; macOS: xcode-select --install), ' +
        'or set CXX to its path.',
    );
  }
  if (needed.has('go') && !findOnPath('go')) {
    missing.push(
      'The Temporal server could not be downloaded, and Go, which would build it, is missing. Install Go, put the command ' +
        '`temporal` on PATH, or set TEMPORAL_ADDRESS to a running server.',
    );
  }
  if (missing.length > 0) throw new Error(missing.join('\n'));
}

export function cppCompiler() {
  return process.env.CXX || ['c++', 'g++', 'clang++'].find((name) => findOnPath(name)) || 'c++';
}

async function pipWorks() {
  return run(pythonExecutable(), ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
}
