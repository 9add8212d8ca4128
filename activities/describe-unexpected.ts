import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Describes an unexpected error by its name and where it was thrown, never by its message, which may quote
 * private text. Paths are relative to the repository.
 */
export function describeUnexpected(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const name = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  const frames = [
    ...(error.stack ?? '').matchAll(/^ +at (?:.*\()?((?:file:\/\/)?\/[^()\n]+):(\d+):\d+\)?$/gm),
  ]
    .slice(0, 4)
    .map(([, file, line]) => `${place(file)}:${line}`);
  return frames.length === 0 ? name : `${name} at ${frames.join(' < ')}`;
}

function place(file: string): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  return path.startsWith(root) ? relative(root, path) : basename(path);
}
