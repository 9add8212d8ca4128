import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { experimentSchema } from '../schemas/experiment.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const ROOMS = 'engine|test|schemas|workflows|activities|workers|client|storage|deploy|examples';
const FOLDER = new RegExp(`\`((?:${ROOMS})(?:/[\\w-]+)*/)\``, 'g');

async function pages(): Promise<{ file: string; text: string }[]> {
  const docs = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md'));
  const files = ['README.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)];
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(ROOT, file), 'utf8') })));
}

it('every link between pages, and every file that a page names, is there', async () => {
  const broken = (await pages()).flatMap(({ file, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
      join(dirname(file), link),
    );
    const named = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|json|svg|md))`/g)].map(
      ([, path]) => path,
    );
    const folders = [...text.matchAll(FOLDER)];
    return [...links, ...named, ...folders.map(([, path]) => path)]
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${file}: ${path}`);
  });
  expect(broken).toEqual([]);
});

type Schema = {
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  default?: unknown;
};

/** Every leaf of a JSON Schema, with its default and the values to choose from. */
function leaves(schema: Schema, name = ''): { name: string; value: unknown; choices: unknown[] }[] {
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, inner]) => leaves(inner, key));
  if (options.some((option) => option.properties)) return options.flatMap((option) => leaves(option, name));
  return [{ name, value: schema.default, choices: schema.enum ?? [] }];
}

it('the page on configuration names every field, with its default and its choices', async () => {
  const text = await readFile(join(ROOT, 'docs/configuration.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const schema = z.toJSONSchema(experimentSchema, { io: 'input' }) as Schema;
  const undocumented = leaves(schema).filter(({ name, value, choices }) => {
    const shown = value === undefined ? '' : JSON.stringify(value).replaceAll(',', ', ');
    return !rows.some(
      (row) =>
        new RegExp(`^\\| \`(?:\\w+\\.)*${name}[\`:]`).test(row) &&
        row.includes(shown) &&
        choices.every((choice) => row.includes(JSON.stringify(choice)) || row.includes(`\`${choice}\``)),
    );
  });
  expect(undocumented).toEqual([]);
});
