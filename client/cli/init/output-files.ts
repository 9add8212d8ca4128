import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { invalidConfig } from '../../../schemas/errors.ts';

export type OutputFiles = { config: string; guide: string };

/**
 * Returns the paths of an experiment and of the page beside it. Throws InvalidConfig if one exists and may
 * not be replaced.
 */
export function outputFiles(params: { file: string; out?: string; force: boolean }): OutputFiles {
  const { file, out: config = `${file}.experiment.json`, force } = params;
  const guide = `${config.replace(/\.json$/i, '')}.md`;
  for (const path of [config, guide])
    if (!force && existsSync(path))
      throw invalidConfig(
        `${path} already exists. Choose another name with --out, or replace it with --force.`,
      );
  return { config, guide };
}

/**
 * Writes a file. Throws InvalidConfig if that fails, or if the file exists meanwhile and may not be replaced.
 */
export async function writeOutput(params: { path: string; text: string; force: boolean }): Promise<void> {
  const { path, text, force } = params;
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    throw invalidConfig(`${path} cannot be written (${code}). Choose another path with --out.`);
  }
}
