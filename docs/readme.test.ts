import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseExperiment } from '../schemas/parse-experiment.ts';
import { ROOT, readPage, tableRows } from '../test/docs/pages.ts';

const MOST_LINES = 120;
const MOST_COLUMNS = 100;

it('README fits on three screens; tables and the picture may be wider', async () => {
  const { text } = await readPage('README.md');
  const lines = text.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
  expect(lines.filter((line) => line.length > MOST_COLUMNS && !/^(\||!\[)/.test(line))).toEqual([]);
});

it('the experiment that README shows is a valid one', async () => {
  const { text } = await readPage('README.md');
  const shown = [...text.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, json]) => JSON.parse(json));
  expect(shown).toHaveLength(1);
  expect(parseExperiment(shown[0])).toMatchObject(shown[0]);
});

it('README leads to every page of docs/', async () => {
  const { text } = await readPage('README.md');
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((name) => !text.includes(`](docs/${name})`))).toEqual([]);
});

it('the numbers of README are those of the page on results', async () => {
  const rowsOf = async (file: string) =>
    tableRows((await readPage(file)).text).filter(({ columns }) => columns[0] === 'trained on');
  const [demo, all] = [await rowsOf('README.md'), await rowsOf('docs/results.md')];
  expect(demo.length).toBeGreaterThan(2);
  for (const { columns, cells } of demo) {
    const same = all.find((row) => row.cells[0] === cells[0]);
    expect(same?.cells.filter((_, at) => columns.includes(same.columns[at]))).toEqual(
      expect.arrayContaining(cells),
    );
  }
});
