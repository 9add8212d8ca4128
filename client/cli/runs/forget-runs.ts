import { createInterface } from 'node:readline/promises';
import { forgetExpired } from '../../../activities/forget/forget-expired.ts';
import { type Forgotten, forgetRun } from '../../../activities/forget/forget-run.ts';
import { type ForgetServer, forgetServer } from '../../../activities/forget/forget-server.ts';
import { invalidConfig } from '../../../schemas/errors.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';
import { openStore } from '../../../storage/open-store.ts';
import { locateHome } from '../../embedded/home.ts';
import { askServer } from '../server/ask-server.ts';
import { ExitCode } from '../terminal/report-error.ts';
import { forgottenText } from './forgotten-text.ts';

export type ForgetOptions = {
  expired?: boolean;
  all?: boolean;
  release?: boolean;
  yes?: boolean;
  local?: boolean;
  offline?: boolean;
  home?: string;
  json?: boolean;
};

/** Forgets a run, or all runs of a sweep. */
export async function forgetOne({ id, options }: { id: string; options: ForgetOptions }): Promise<void> {
  const store = await openStore(locateHome(options.home).storeUri);
  if (options.release && !options.yes) await confirm(id, store);
  const { all, release } = options;
  const forget = async (server: ForgetServer | null) => {
    const runs = await runsOf({ id, server, store });
    const forgotten: Forgotten[] = [];
    for (const run of runs) forgotten.push(await forgetRun({ store, run, server, all, release }));
    print({ forgotten, kept: [] }, store, options);
  };
  if (options.offline) await forget(null);
  else await askServer(options, (client) => forget(forgetServer(client)));
}

/**
 * Forgets the unfinished runs that are older than the policy of the store allows. Throws InvalidConfig if the
 * policy sets no age.
 */
export async function forgetAllExpired(options: ForgetOptions): Promise<void> {
  const store = await openStore(locateHome(options.home).storeUri);
  await askServer(options, async (client) => {
    const { days, forgotten, kept } = await forgetExpired({ store, server: forgetServer(client) });
    if (days === null)
      throw invalidConfig(
        'The policy of the store has no keepUnfinishedDays, so no run expires. Set it with `dpsynth policy set`.',
      );
    print({ forgotten, kept }, store, options);
    if (kept.length > 0) process.exitCode = ExitCode.failed;
  });
}

/**
 * The run itself, or the runs of a sweep that have files in the store. Throws InvalidConfig if the sweep
 * is still running.
 */
async function runsOf(params: {
  id: string;
  server: ForgetServer | null;
  store: ArtifactStore;
}): Promise<string[]> {
  const { id, server, store } = params;
  const found = await server?.look(id);
  if (found?.isSweep) {
    if (found.status === 'under way')
      throw invalidConfig(
        `The sweep ${id} is still running, so nothing was destroyed. Cancel it first with \`dpsynth cancel ${id}\`.`,
      );
    const there = new Set(await foldersOf(store));
    return (await server!.runsOf(id)).filter((run) => there.has(run));
  }
  if (found?.status === 'ended') return [id];
  // No server knows this id. If it is a sweep, only its runs have folders.
  const folders = await foldersOf(store);
  const alike = folders.filter((name) => name.startsWith(`${id}-`));
  if (folders.includes(id) || alike.length === 0) return [id];
  throw invalidConfig(
    `There is no run ${id} in the store ${store.uri}, and no server that was asked knows a sweep of this name. If these are its runs, name them one by one: ${alike.join(', ')}.`,
  );
}

async function foldersOf(store: ArtifactStore): Promise<string[]> {
  const areas = await Promise.all((['private', 'release'] as const).map((area) => store.folders({ area })));
  return [...new Set(areas.flat().map(({ name }) => name))];
}

/** Throws InvalidConfig unless somebody at the terminal types the id. */
async function confirm(id: string, { uri }: ArtifactStore): Promise<void> {
  if (!process.stdin.isTTY)
    throw invalidConfig(
      '--release destroys what is published, and there is no terminal to confirm that. Add --yes.',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(
      `This destroys everything of ${id} in ${uri}, including its release. Type ${id} to continue: `,
    );
    if (typed.trim() !== id) throw invalidConfig(`The answer was not ${id}, so nothing was destroyed.`);
  } finally {
    terminal.close();
  }
}

function print(
  what: { forgotten: Forgotten[]; kept: { run: string; why: string }[] },
  store: ArtifactStore,
  { json }: ForgetOptions,
): void {
  // The query of an s3:// URI says how to reach the server; it is not part of a place.
  const place = store.uri.replace(/\?.*$/, '');
  console.log(
    json ? JSON.stringify({ store: store.uri, ...what }) : forgottenText({ ...what, store: place }),
  );
}
