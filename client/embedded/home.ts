import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { homeFolder, storeUri } from '../../storage/open-store.ts';

/** The folder where a machine keeps the state of its embedded server and its artifacts. */
export type Home = { folder: string; database: string; leaseFile: string; logs: string; storeUri: string };

/** `--home`, else DPSYNTH_HOME, else `.dpsynth` in the current directory. */
export function locateHome(given?: string): Home {
  const folder = given === undefined ? homeFolder(process.env) : resolve(given);
  return {
    folder,
    database: join(folder, 'temporal.sqlite'),
    leaseFile: join(folder, 'embedded.json'),
    logs: join(folder, 'logs'),
    storeUri: storeUri({ ...process.env, DPSYNTH_HOME: folder }),
  };
}

/** Locates the home, and creates it if it does not exist. */
export async function openHome(given?: string): Promise<Home> {
  const home = locateHome(given);
  await mkdir(home.logs, { recursive: true, mode: 0o700 });
  return home;
}
