import { existsSync } from 'node:fs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import { findOnPath } from '../../storage/assets/bootstrap/temporal-executable.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

export function findBrowser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return NAMES.map(findOnPath).find(Boolean) ?? [MAC_CHROME].find(existsSync);
}

/**
 * Installs Chromium if the user is root and apt-get is available. Without a browser all other
 * tests still run.
 */
export async function prepareBrowser(progress) {
  if (!findBrowser() && process.getuid?.() === 0 && findOnPath('apt-get')) {
    progress('installing chromium with apt-get');
    await installChromium().catch(() => {});
  }
  return (
    findBrowser() ?? 'none; the test of the Temporal UI is skipped without Chromium on PATH or CHROME_PATH'
  );
}

async function installChromium() {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update'], { log: 'apt-update', env });
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  await runCommand('apt-get', install, { log: 'apt-chromium', env });
}
