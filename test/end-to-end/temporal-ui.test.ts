import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../client/connect.ts';
import { EXPERIMENT_STATE_QUERY, SWEEP_STATE_QUERY } from '../../schemas/names.ts';
import { startUp } from './cli.ts';
import { findBrowser } from './find-browser.ts';

const CONFIG = fileURLToPath(new URL('./tiny.json', import.meta.url));
const SWEEP = fileURLToPath(new URL('./tiny-sweep.json', import.meta.url));
const EXAMPLES = new URL('../../examples/', import.meta.url);
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
  await startByForm(page, { run, type: 'experiment', input: await readFile(CONFIG, 'utf8') });
  expect(await endOf(page, run)).toBe('Completed');
  await keepScreenshot(page, 'temporal-ui.png');
  expect(await readdir(join(home, 'artifacts', 'release', run))).toContain('manifest.json');
});

test('so does a sweep, with a variant that fails', { timeout: RUN_MS + 60_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const run = `sweep-from-the-ui-${Date.now()}`;
  const { variants, ...rest } = JSON.parse(await readFile(SWEEP, 'utf8'));
  const two = variants.filter(({ name }: { name: string }) => name !== 'two');
  // As the form itself lays it out: else it does so at the click on its button, which then misses.
  const input = JSON.stringify({ ...rest, variants: two }, null, 2);
  await startByForm(page, { run, type: 'sweep', input });
  expect(await endOf(page, run)).toBe('Completed');
  await keepScreenshot(page, 'temporal-ui-sweep.png');
  expect(await readdir(join(home, 'artifacts', 'release', `${run}-one`))).toContain('manifest.json');
});

const examples = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));

test.each(examples)(
  'examples/%s pasted into the start form is taken up',
  { timeout: 120_000 },
  async (name) => {
    const input = await readFile(new URL(name, EXAMPLES), 'utf8');
    const type = 'experiment' in JSON.parse(input) ? 'sweep' : 'experiment';
    const run = `example-${name.replace('.json', '')}-${Date.now()}`;
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await startByForm(page, { run, type, input });
    const { client, close } = await connect({ address: up.address });
    try {
      const handle = client.workflow.getHandle(run);
      const state = () => handle.query(type === 'sweep' ? SWEEP_STATE_QUERY : EXPERIMENT_STATE_QUERY);
      const begun = { status: expect.stringMatching(/running|done/) };
      await expect
        .poll(() => state().catch(() => null), { timeout: 60_000 })
        .toMatchObject({
          [type === 'sweep' ? 'cells' : 'stages']: expect.arrayContaining([expect.objectContaining(begun)]),
        });
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    } finally {
      await close();
      await page.close();
    }
  },
);

async function startByForm(page: Page, params: { run: string; type: string; input: string }): Promise<void> {
  await page.goto(`${up.ui}/namespaces/default/workflows/start-workflow`);
  await page.locator('#workflowId').fill(params.run);
  await page.locator('#taskQueue').fill('dpsynth-control');
  await page.locator('#workflowType').fill(params.type);
  const editor = page.locator('.cm-content').first();
  await editor.click();
  await page.keyboard.insertText(params.input);
  await keepScreenshot(page, `start-form-${params.type}.png`);
  const accepted = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().includes(`/workflows/${params.run}`),
  );
  await page.getByTestId('start-workflow-button').click();
  expect((await accepted).status()).toBe(200);
}

/** The status that the run's page shows at its end. */
async function endOf(page: Page, run: string): Promise<string | undefined> {
  await page.goto(`${up.ui}/namespaces/default/workflows/${run}`);
  // The badge alone: other parts of the page name states that the run is not in.
  const ended = page
    .locator('main header')
    .getByText(/^\s*(Completed|Failed|Terminated|Timed Out|Canceled)\s*$/);
  await ended.waitFor({ timeout: RUN_MS });
  return (await ended.textContent())?.trim();
}

/** For a person to look at: DPSYNTH_SCREENSHOTS names the folder. */
async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.DPSYNTH_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, name), fullPage: true });
}
