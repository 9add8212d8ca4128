import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Returns the arguments with which Node runs this repository's TypeScript, whatever the current folder is.
 */
export function tsxArguments(): string[] {
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
