import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { experimentSchema } from '../schemas/experiment.ts';
import { policySchema } from '../schemas/policy.ts';
import { sweepSchema } from '../schemas/sweep/sweep.ts';
import { allPages, codeSpans, type Page, ROOT, type Row, readPage, tableRows } from '../test/docs/pages.ts';
import { type Field, type JsonSchema, schemaFields } from '../test/docs/schema-fields.ts';

const FOLDERS =
  'engine|test|schemas|workflows|activities|workers|client|storage|deploy|examples|bench|docs|\\.github';

it('every link between pages, and every file and folder that a page names, exists', async () => {
  const broken = (await allPages()).flatMap((page) =>
    [...linked(page), ...named(page)]
      .filter((path) => !existsSync(join(ROOT, path)))
      .map((path) => `${page.file}: ${path}`),
  );
  expect(broken).toEqual([]);
});

it('pages name files of the sources by their whole path, so that the test above sees them', async () => {
  const bare = (await allPages()).flatMap(({ file, text }) =>
    file === 'CHANGELOG.md'
      ? []
      : codeSpans(text)
          .filter((span) => /^[\w.-]+\.(ts|mjs|py)$/.test(span))
          .map((name) => `${file}: ${name}`),
  );
  expect(bare).toEqual([]);
});

it('every link to a section leads to a heading', async () => {
  const pages = await allPages();
  const broken = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)]
      .filter(([, path, anchor]) => {
        const target = path === '' ? file : join(dirname(file), path);
        return !anchors(pages.find((page) => page.file === target)?.text ?? '').includes(anchor);
      })
      .map(([, path, anchor]) => `${file}: ${path}#${anchor}`),
  );
  expect(broken).toEqual([]);
});

it.each([
  ['docs/configuration.md', experimentSchema, ''],
  ['docs/policy.md', policySchema, ''],
  ['docs/sweeps.md', sweepSchema, 'experiment'],
])(
  '%s names every field by its whole path, with its default, and no other',
  async (file, schema, elsewhere) => {
    const { text } = await readPage(file);
    const rows = tableRows(text).filter(({ columns }) => columns[0] === 'field');
    const documented = rows.flatMap((row) => pathsOf(row).map((path) => ({ path, row })));
    const fields = schemaFields(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema).filter(
      ({ path }) => elsewhere === '' || !path.startsWith(`${elsewhere}.`),
    );
    const missing = fields.filter(
      (field) => !documented.some(({ path, row }) => path === field.path && hasDefault(row, field)),
    );
    const unknown = documented.filter(
      ({ path }) => !fields.some((field) => `${field.path}.`.startsWith(`${path}.`)),
    );
    const stale = documented.filter(({ path, row }) =>
      shownDefaults(row).some(
        (shown) => !fields.some((field) => field.path === path && isShown(field.value, shown)),
      ),
    );
    const paths = (rows: { path: string }[]) => rows.map(({ path }) => path);
    expect({ missing, unknown: paths(unknown), stale: paths(stale) }).toEqual({
      missing: [],
      unknown: [],
      stale: [],
    });
  },
);

/**
 * The paths of the fields of a row. The nearest heading in backticks, such as `training.optimizer`, stands
 * before them; a row of the top level may name several.
 */
function pathsOf({ headings, cells }: Row): string[] {
  const prefix = codeSpans(headings.at(-1) ?? '')[0];
  return codeSpans(cells[0]).map((name) => {
    const path = name.replace(/:.*/, '');
    return prefix === undefined ? path : `${prefix}.${path}`;
  });
}

/** A table has one column of defaults, or one for each kind, headed by it. */
function hasDefault(row: Row, { value, kind }: Field): boolean {
  if (value === undefined) return true;
  const ofKind = row.columns.indexOf(`\`"${kind}"\``);
  const cells = ofKind < 0 ? row.cells.slice(1, -1) : [row.cells[ofKind]];
  return cells.some((cell) => isShown(value, cell));
}

/** The cells of a row that show a default as JSON, rather than in words. */
function shownDefaults({ cells }: Row): string[] {
  return cells.slice(1, -1).filter((cell) => /^`[^`]+`$/.test(cell));
}

function isShown(value: unknown, cell: string): boolean {
  return cell === `\`${JSON.stringify(value)?.replaceAll(',', ', ')}\``;
}

function linked({ file, text }: Page): string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => join(dirname(file), link));
}

/** Files and folders by their path from the root. */
function named({ text }: Page): string[] {
  const files = codeSpans(text).filter((span) =>
    /^[\w.-]+(\/[\w.-]+)+\.(ts|mjs|json|py|svg|md|yml)$/.test(span),
  );
  const folders = codeSpans(text).filter((span) => new RegExp(`^(${FOLDERS})(/[\\w-]+)*/$`).test(span));
  return [...files, ...folders];
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
