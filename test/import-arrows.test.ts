import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room may import of this repository, beside itself. Types alone may also come from `types`. */
const ARROWS: Record<string, { values: string[]; types?: string[] }> = {
  schemas: { values: [] },
  storage: { values: ['schemas'] },
  engine: { values: ['schemas'] },
  workflows: { values: ['schemas'], types: ['activities'] },
  activities: { values: ['schemas', 'storage', 'engine'] },
  workers: { values: ['schemas', 'storage', 'engine', 'activities'] },
  client: { values: ['schemas', 'storage', 'engine', 'activities'] },
  deploy: { values: ['schemas', 'storage'] },
  bench: { values: ['schemas', 'storage', 'engine', 'workers', 'client'] },
};
/**
 * `schemas/` also runs in the workflow sandbox and in other services: zod, the definition of a Nexus service,
 * and nothing else.
 */
const PACKAGES: Record<string, RegExp> = {
  schemas: /^(zod|nexus-rpc)$/,
  workflows: /^(@temporalio\/workflow|zod)$/,
};
/** Rooms that know nothing of Temporal. */
const WITHOUT_TEMPORAL = ['schemas', 'storage', 'engine'];

type Import = { from: string; line: string; specifier: string; typeOnly: boolean };

function sources(room: string): string[] {
  const folder = join(root, room);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[jt]s$/.test(name) && !/(\.test\.ts|\.d\.m?ts)$/.test(name))
    .map((name) => join(folder, name));
}

function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
  const statements = text.matchAll(
    /^[ \t]*(import|export)\s+(type\s)?[^'"`;]*?from\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]/gm,
  );
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...statements].map(([line, , type, from, bare]) => ({
      from: file,
      line,
      specifier: from ?? bare,
      typeOnly: type !== undefined,
    })),
    ...[...dynamic].map(([line, specifier]) => ({ from: file, line, specifier, typeOnly: false })),
  ];
}

function isAllowed(room: string, { from, specifier, typeOnly }: Import): boolean {
  if (!specifier.startsWith('.')) {
    if (WITHOUT_TEMPORAL.includes(room) && specifier.startsWith('@temporalio/')) return false;
    return PACKAGES[room]?.test(specifier) ?? true;
  }
  const [target] = relative(root, resolve(dirname(from), specifier)).split(sep);
  const { values, types = [] } = ARROWS[room];
  return (
    target === room ||
    target === 'package.json' ||
    values.includes(target) ||
    (typeOnly && types.includes(target))
  );
}

describe('imports', () => {
  it.each(Object.keys(ARROWS))('of %s point one way', (room) => {
    const wrong = sources(room)
      .flatMap((file) => importsOf(file))
      .filter((found) => !isAllowed(room, found))
      .map(({ from, specifier }) => `${relative(root, from)} imports ${specifier}`);
    expect(wrong).toEqual([]);
  });

  it('are seen in every form that they are written in', () => {
    const text = [
      "import { a } from '../workers/a.ts';",
      "import type { B } from '../activities/b.ts';",
      "export { c } from '../client/c.ts';",
      "import '../engine/d.ts';",
      'import {\n  e,\n} from "../engine/e.ts";',
      "const f = await import('../engine/f.ts');",
    ].join('\n');
    const found = importsOf(join(root, 'workflows', 'x.ts'), text);
    expect(found.map(({ specifier }) => specifier.at(-4)).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(found.filter((one) => isAllowed('workflows', one)).map(({ specifier }) => specifier)).toEqual([
      '../activities/b.ts',
    ]);
  });
});
