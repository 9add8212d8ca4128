import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../client/connect.ts';
import { EXPERIMENT_STATE_QUERY, SWEEP_STATE_QUERY } from '../../schemas/names.ts';
import { startUp } from './cli.ts';
import { endOf, keepScreenshot, openBrowser, openPage, startByForm } from './temporal-page.ts';

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
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await up?.stop();
  await rm(home, { recursive: true, force: true });
}, 90_000);

test('an experiment pasted into the start form of the Temporal UI runs to its end', {
  timeout: RUN_MS + 60_000,
}, async () => {
  const page = await openPage(browser);
  const run = `from-the-ui-${Date.now()}`;
  await startByForm(page, { ui: up.ui, run, type: 'experiment', input: await readFile(CONFIG, 'utf8') });
  expect(await endOf(page, { ui: up.ui, run, timeout: RUN_MS })).toBe('Completed');
  await keepScreenshot(page, 'temporal-ui.png');
  expect(await readdir(join(home, 'artifacts', 'release', run))).toContain('manifest.json');
});

test('so does a sweep, with a variant that fails', { timeout: RUN_MS + 60_000 }, async () => {
  const page = await openPage(browser);
  const run = `sweep-from-the-ui-${Date.now()}`;
  const { variants, ...rest } = JSON.parse(await readFile(SWEEP, 'utf8'));
  const two = variants.filter(({ name }: { name: string }) => name !== 'two');
  // As the form itself lays it out: else it does so at the click on its button, which then misses.
  const input = JSON.stringify({ ...rest, variants: two }, null, 2);
  await startByForm(page, { ui: up.ui, run, type: 'sweep', input });
  expect(await endOf(page, { ui: up.ui, run, timeout: RUN_MS })).toBe('Completed');
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
    const page = await openPage(browser);
    await startByForm(page, { ui: up.ui, run, type, input });
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
