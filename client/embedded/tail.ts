import { readFile } from 'node:fs/promises';

/** The last five lines of a log file. */
export async function tail(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return lines.slice(-5).join('\n');
}
