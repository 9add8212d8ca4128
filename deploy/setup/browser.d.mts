/**
 * Returns the Chromium for the end-to-end test of the Temporal UI: CHROME_PATH, else one on
 * PATH, else undefined.
 */
export declare function findBrowser(): string | undefined;
