import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUp } from './cli.ts';
import { findBrowser } from './find-browser.ts';

const CONFIG = fileURLToPath(new URL('./tiny.json', import.meta.url));
const RUN_MS = 8 * 60_000;

let home: string;
let up: Awaited<ReturnType<typeof startUp>>;
let browser: Browser;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-ui-'));
  up = await startUp(home);
  browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await rm(home, { recursive: true, force: true });
}, 90_000);

test('an experiment pasted into the start form of the Temporal UI runs to its end', {
  timeout: RUN_MS + 60_000,
}, async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const run = `from-the-ui-${Date.now()}`;
  await fillStartForm(page, { run, input: await readFile(CONFIG, 'utf8') });
  await page.getByTestId('start-workflow-button').click();

  await page.goto(`${up.ui}/namespaces/default/workflows/${run}`);
  // The badge alone: other parts of the page name states that the run is not in.
  const ended = page
    .locator('main header')
    .getByText(/^\s*(Completed|Failed|Terminated|Timed Out|Canceled)\s*$/);
  await ended.waitFor({ timeout: RUN_MS });
  await keepScreenshot(page, 'temporal-ui.png');
  expect((await ended.textContent())?.trim()).toBe('Completed');
  expect(await readdir(join(home, 'artifacts', 'release', run))).toContain('manifest.json');
});

async function fillStartForm(page: Page, params: { run: string; input: string }): Promise<void> {
  await page.goto(`${up.ui}/namespaces/default/workflows/start-workflow`);
  await page.locator('#workflowId').fill(params.run);
  await page.locator('#taskQueue').fill('dpsynth-control');
  await page.locator('#workflowType').fill('experiment');
  const editor = page.locator('.cm-content').first();
  await editor.click();
  await page.keyboard.insertText(params.input);
  await keepScreenshot(page, 'start-form.png');
}

/** For a person to look at: DPSYNTH_SCREENSHOTS names the folder. */
async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.DPSYNTH_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, name), fullPage: true });
}
