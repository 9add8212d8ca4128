import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pythonExecutable } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { findOnPath } from '../../storage/assets/bootstrap/temporal-executable.mjs';

const run = promisify(execFile);

/** Throws one line for each thing that the coming steps need and this machine lacks: `python`, `compiler`, `go`. */
export async function assertPrerequisites(needed) {
  const missing = [];
  if (needed.has('python') && !(await pipWorks())) {
    missing.push(
      'Python 3 with pip is missing. Debian or Ubuntu: apt-get install python3-pip; macOS: brew install python; ' +
        'or set PYTHON to one that has pip.',
    );
  }
  if (needed.has('compiler') && !process.env.CXX && !findOnPath(cppCompiler())) {
    missing.push(
      'A C++ compiler is missing. Debian or Ubuntu: apt-get install g++; macOS: xcode-select --install; ' +
        'or set CXX to one.',
    );
  }
  if (needed.has('go') && !findOnPath('go')) {
    missing.push(
      "Go is missing, to build the Temporal server, whose download did not work. Install Go, or Temporal's command line tool " +
        '(temporal) on PATH, or set TEMPORAL_ADDRESS to a running server.',
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
