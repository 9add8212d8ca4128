import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Page = { file: string; text: string };

/** A row of a Markdown table, with the headings above it and the names of its columns. */
export type Row = { headings: string[]; columns: string[]; cells: string[] };

/** Reads a page by its path from the root. */
export async function readPage(file: string): Promise<Page> {
  return { file, text: await readFile(join(ROOT, file), 'utf8') };
}

/** Reads every page: those of the root, of `docs/` and of `.github/`. */
export async function allPages(): Promise<Page[]> {
  const inFolder = async (folder: string) =>
    (await readdir(join(ROOT, folder), { recursive: true, encoding: 'utf8' }))
      .filter((name) => /\.(md|yml)$/.test(name))
      .map((name) => join(folder, name));
  const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
  return Promise.all([...files, ...(await inFolder('docs')), ...(await inFolder('.github'))].map(readPage));
}

/** Every row of every table of a page, without the heads of the tables. Code blocks are skipped. */
export function tableRows(text: string): Row[] {
  const rows: Row[] = [];
  let headings: string[] = [];
  let columns: string[] | undefined;
  let isCode = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    if (isCode) continue;
    const heading = /^(#+) (.*)/.exec(line);
    if (heading) headings = [...headings.slice(0, heading[1].length - 1), heading[2]];
    if (!line.startsWith('|')) columns = undefined;
    else if (columns === undefined) columns = cellsOf(line);
    else if (!/^[|: -]+$/.test(line)) rows.push({ headings, columns, cells: cellsOf(line) });
  }
  return rows;
}

/** Every text in backticks, with the spaces of one that is wrapped at the end of a line made single. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, span]) => span.replace(/\s+/g, ' '));
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
