import { readFile } from 'node:fs/promises';

/** Name and version of this code, as written in manifests and reports. */
export async function codeVersion(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return `${name} ${version}`;
}
