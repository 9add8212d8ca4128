import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeSpans, ROOT, readPage } from '../test/docs/pages.ts';

const RECIPES = [
  'an optimizer',
  'a corpus format',
  'a metric',
  'a proxy metric',
  'a classifier',
  'an evaluation stage',
  'a command',
  'an accountant',
  'a model family',
  'a storage backend',
];

it.each(RECIPES)(
  'CONTRIBUTING.md says how to add %s: files in order, a test to copy, a page',
  async (what) => {
    const recipe = await section(`Add ${what}`);
    const steps = [...recipe.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual(steps.map((_, i) => i + 1));
    expect(steps.length).toBeGreaterThan(3);
    const files = codeSpans(recipe).filter((span) => span.includes('/'));
    expect(files.some((file) => file.endsWith('.test.ts'))).toBe(true);
    expect(files.some((file) => file.startsWith('docs/'))).toBe(true);
  },
);

it('the recipes name no file, nor a folder of a file to write, that does not exist', async () => {
  const { text } = await readPage('CONTRIBUTING.md');
  const paths = codeSpans(text).filter((span) => /^[\w.-]+\/[\w./<>-]*$/.test(span));
  const missing = paths.filter((path) => {
    // Of a file to write, `engine/data/read-<format>.ts`, the folder; of a folder to write, the
    // folder around it.
    const [fixed] = path.split('<');
    const place = path.includes('<') ? fixed.slice(0, fixed.lastIndexOf('/')) : path;
    return !existsSync(join(ROOT, place));
  });
  expect(paths.length).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});

it('the test files and scripts of its commands exist', async () => {
  const { text } = await readPage('CONTRIBUTING.md');
  const { text: manifest } = await readPage('package.json');
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
  const tests = [...text.matchAll(/npx vitest run (\S+)/g)].map(([, file]) => file);
  const run = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name);
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
});

async function section(title: string): Promise<string> {
  const { text } = await readPage('CONTRIBUTING.md');
  return text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
}
