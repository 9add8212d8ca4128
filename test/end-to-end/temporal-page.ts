import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findBrowser } from './find-browser.ts';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
}

export function openPage(browser: Browser): Promise<Page> {
  return browser.newPage({ viewport: { width: 1400, height: 1000 } });
}

/** Starts a workflow with the form of the UI, as a person does, and waits until the server has it. */
export async function startByForm(
  page: Page,
  params: { ui: string; run: string; type: string; input: string },
): Promise<void> {
  await page.goto(`${params.ui}/namespaces/default/workflows/start-workflow`);
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

/** Returns the status that the run's page shows at its end. */
export async function endOf(
  page: Page,
  params: { ui: string; run: string; timeout: number },
): Promise<string | undefined> {
  await page.goto(`${params.ui}/namespaces/default/workflows/${params.run}`);
  // Reads only the badge: other parts of the page name states that the run is not in.
  const ended = page
    .locator('main header')
    .getByText(/^\s*(Completed|Failed|Terminated|Timed Out|Canceled)\s*$/);
  await ended.waitFor({ timeout: params.timeout });
  return (await ended.textContent())?.trim();
}

/** For a person to look at: DPSYNTH_SCREENSHOTS names the folder. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.DPSYNTH_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, name), fullPage: true });
}
