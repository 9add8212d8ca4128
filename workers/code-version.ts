import { readFile } from 'node:fs/promises';

/** Name and version of this code, as manifests and reports state it. */
export async function codeVersion(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return `${name} ${version}`;
}
