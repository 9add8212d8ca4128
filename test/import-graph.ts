import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** One import or export from another module, as it is written. */
export type Import = { from: string; line: string; specifier: string; typeOnly: boolean };

/** The modules of a room, without tests, fixtures and declarations. */
export function sources(room: string): string[] {
  const folder = join(root, room);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[jt]s$/.test(name) && !/(\.(test|fixture)\.ts|\.d\.m?ts)$/.test(name))
    .map((name) => join(folder, name));
}

/** The imports of a module in every form: import, export from, for effects alone, and dynamic. */
export function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
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

/** The files of this repository that each module imports, types included. */
export function importGraph(rooms: readonly string[]): Map<string, string[]> {
  return new Map(
    rooms
      .flatMap(sources)
      .map((file) => [
        file,
        importsOf(file).flatMap(({ specifier }) =>
          specifier.startsWith('.') ? [resolve(dirname(file), specifier)] : [],
        ),
      ]),
  );
}

/** The circles of a graph: groups of nodes that reach one another (Tarjan's strongly connected components). */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string) => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.includes(node)) found.push(group);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
