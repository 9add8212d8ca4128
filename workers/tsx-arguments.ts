import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Node's arguments that let it run this repository's TypeScript, whatever the current folder is. */
export function tsxArguments(): string[] {
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
