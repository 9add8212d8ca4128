import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, type Import, importGraph, importsOf, root, sources } from './import-graph.ts';

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
/** The folders of `engine/`, from the bottom: each may import those before it. */
const ENGINE = [
  'tensor',
  'privacy',
  'language-model',
  'data',
  'encoder',
  'metrics',
  'training',
  'selection',
  'classifier',
  'search',
  'report',
];
/** Rooms that know nothing of Temporal. */
const WITHOUT_TEMPORAL = ['schemas', 'storage', 'engine'];

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

  it('inside engine point down', () => {
    const folder = (path: string) => relative(join(root, 'engine'), path).split(sep)[0];
    const upward = [...importGraph(['engine'])].flatMap(([from, targets]) =>
      targets
        .filter((target) => relative(root, target).startsWith('engine'))
        .filter((target) => !(ENGINE.indexOf(folder(target)) <= ENGINE.indexOf(folder(from))))
        .map((target) => `${relative(root, from)} imports ${relative(root, target)}`),
    );
    expect(upward).toEqual([]);
    expect(readdirSync(join(root, 'engine')).sort()).toEqual([...ENGINE].sort());
  });

  it('go in no circle, those of types included', () => {
    const found = circles(importGraph(Object.keys(ARROWS)));
    expect(found.map((group) => group.map((file) => relative(root, file)))).toEqual([]);
  });

  it('in a circle are found', () => {
    const graph = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: [], f: ['f'] };
    const found = circles(new Map(Object.entries(graph)));
    expect(found.map((group) => group.sort())).toEqual([['a', 'b', 'c'], ['f']]);
  });

  it('of products never lead to a fixture', () => {
    const wrong = [...importGraph(Object.keys(ARROWS))].flatMap(([from, targets]) =>
      targets
        .filter((target) => /\.(test|fixture)\.ts$/.test(target))
        .map((target) => `${relative(root, from)} imports ${relative(root, target)}`),
    );
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
