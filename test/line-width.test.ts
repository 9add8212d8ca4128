import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

const { formatter, files } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
const WIDTH: number = formatter.lineWidth;

/** What the formatter leaves out, packages and builds. Folders that start with a dot are left out as well. */
const LEFT_OUT: string[] = [
  ...(files.includes as string[]).filter((name) => name.startsWith('!')).map((name) => name.slice(1)),
  'node_modules',
  'dist',
];

function sources(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || LEFT_OUT.includes(relative(root, path))) return [];
    if (entry.isDirectory()) return sources(path);
    return entry.isFile() && /\.(?:ts|mts|mjs)$/.test(entry.name) ? [path] : [];
  });
}

const COMMENT = /^\s*(?:\/\/|\/?\*)/;
/** A line that holds an address and nothing else cannot be broken. */
const ADDRESS = /^\s*(?:\/\/|\*)\s*https?:\/\/\S+$/;

/** The formatter breaks code and leaves comments as they are. */
it('no comment is wider than the lines of the formatter', () => {
  const wide = sources().flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        line.length > WIDTH && COMMENT.test(line) && !ADDRESS.test(line)
          ? [`${relative(root, file)}:${index + 1} has ${line.length} columns`]
          : [],
      ),
  );
  expect(wide).toEqual([]);
});
