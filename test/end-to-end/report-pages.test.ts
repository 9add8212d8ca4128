import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { proxies } from '../../engine/report/proxies.fixture.ts';
import { difference, directRow, reportData } from '../../engine/report/report.fixture.ts';
import { createFileStore } from '../../storage/file-store.ts';
import { runCli } from './cli.ts';
import { findBrowser } from './find-browser.ts';

let home: string;
let browser: Browser;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-pages-'));
  const store = createFileStore({ root: join(home, 'artifacts') });
  const base = reportData();
  for (const [run, epsilon] of [
    ['one', 1],
    ['two', 8],
  ] as const) {
    const config = { ...base.config, privacy: { ...base.config.privacy, epsilon } };
    const scores = {
      ...base.scores!,
      rows: [...base.scores!.rows, directRow(0.79)],
      differences: [
        difference('zero-shot', 0.114),
        difference('real-dp', -0.066),
        difference('real', -0.231),
      ],
    };
    const body = JSON.stringify({ ...base, run, config, scores, proxies: proxies() });
    await store.put({ area: 'private', key: `${run}/report-data.json`, body, mediaType: 'application/json' });
  }
  await store.put({ area: 'private', key: 'three/run.key', body: 'k', mediaType: 'text/plain' });
  browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
});

afterAll(async () => {
  await browser?.close();
  await rm(home, { recursive: true, force: true });
});

const PAGES = [
  { name: 'private report of a run', args: ['one'], figures: 7, says: 'Private version', mode: 0o600 },
  {
    name: 'release report of a run',
    args: ['one', '--release'],
    figures: 4,
    says: 'Release version',
    mode: 0o644,
  },
  {
    name: 'comparison',
    args: ['one', 'two', 'three'],
    figures: 2,
    says: 'no result: it has not finished',
    mode: 0o600,
  },
];

test.each(PAGES)(
  '$name: every picture with its table at two widths, nothing asked of the network',
  async (page) => {
    const out = join(home, 'page.html');
    const { code, stdout, stderr } = await runCli([
      'report',
      ...page.args,
      '--home',
      home,
      '--out',
      out,
      '--json',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ report: out });
    expect((await stat(out)).mode & 0o777).toBe(page.mode);

    for (const width of [375, 1280]) {
      const opened = await open(out, width);
      expect(await opened.view.getByText(page.says).first().isVisible()).toBe(true);
      const figures = await opened.view.locator('figure').all();
      expect(figures).toHaveLength(page.figures);
      for (const figure of figures) {
        // Of the two pictures of a figure one is shown, and it fits.
        const shown = await figure.getByRole('img').all();
        expect(shown).toHaveLength(1);
        const box = await shown[0].boundingBox();
        expect(box?.width).toBeGreaterThan(250);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
        await figure.locator('summary').click();
        expect(await figure.locator('tbody tr').first().isVisible()).toBe(true);
      }
      expect(await opened.view.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(opened.complaints).toEqual([]);
      await opened.view.close();
    }
  },
);

test('a run that the store does not know is a typed error', async () => {
  const { code, stdout } = await runCli(['report', 'nowhere', '--home', home, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { type: 'InvalidConfig', message: expect.stringContaining('nowhere') },
  });
});

/** The page, and what it complained of or asked for. */
async function open(path: string, width: number): Promise<{ view: Page; complaints: string[] }> {
  const view = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  const url = pathToFileURL(path).href;
  view.on('console', (message) => complaints.push(message.text()));
  view.on('pageerror', (error) => complaints.push(error.message));
  view.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await view.goto(url);
  return { view, complaints };
}
