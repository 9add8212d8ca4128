import { findOnPath } from '../../storage/assets/bootstrap/temporal-executable.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Returns a Chromium or Chrome on this machine: CHROME_PATH, else one on PATH. */
export function findBrowser(): string {
  const found = process.env.CHROME_PATH || NAMES.map((name) => findOnPath(name)).find((path) => path);
  if (!found)
    throw new Error(
      'There is no Chromium or Chrome on PATH: install one (apt-get install chromium), or set CHROME_PATH.',
    );
  return found;
}
