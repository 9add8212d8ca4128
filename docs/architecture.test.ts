import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeSpans, ROOT, readPage, tableRows } from '../test/docs/pages.ts';

/** What tools make or keep beside the sources. */
const NOT_SOURCES = ['node_modules', 'dist', 'coverage', '__pycache__'];

function folders(under: string): string[] {
  return readdirSync(join(ROOT, under), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_SOURCES.includes(entry.name),
    )
    .map(({ name }) => join(under, name, '/'));
}

it('docs/architecture.md describes every folder down to two levels, and no other', async () => {
  const { text } = await readPage('docs/architecture.md');
  const rows = tableRows(text).filter(({ columns }) => columns[0] === 'folder');
  const described = rows.map(({ cells }) => codeSpans(cells[0])[0]);
  const existing = folders('').flatMap((room) => [room, ...folders(room)]);
  expect(described.sort()).toEqual(existing.sort());
  expect(rows.filter(({ cells }) => cells.at(-1) === '')).toEqual([]);
});
