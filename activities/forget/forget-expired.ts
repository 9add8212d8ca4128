import { RUN_NAME } from '../../schemas/names.ts';
import { isBelow, runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readPolicy } from '../../storage/policy/policy-records.ts';
import { type Forgotten, forgetRun } from './forget-run.ts';
import type { ForgetServer } from './forget-server.ts';

export type Expired = {
  /** `keepUnfinishedDays` of the store's policy. null if the policy does not set it: then nothing expires. */
  days: number | null;
  forgotten: Forgotten[];
  /** Runs that are old enough to expire but are kept, each with the reason. */
  kept: { run: string; why: string }[];
};

const DAY_MS = 24 * 3_600_000;

/**
 * Destroys the key and the checkpoints of every unfinished run whose newest private file is older than the
 * store's policy allows. A run that is still running on the server is left alone, however old its files are.
 */
export async function forgetExpired(params: {
  store: ArtifactStore;
  server: ForgetServer;
  /** @default the current time */
  now?: Date;
}): Promise<Expired> {
  const { store, server, now = new Date() } = params;
  const days = (await readPolicy({ store }))?.keepUnfinishedDays ?? null;
  if (days === null) return { days, forgotten: [], kept: [] };
  const expired: Expired = { days, forgotten: [], kept: [] };
  for (const { name: run, newest } of await store.folders({ area: 'private' })) {
    if (!RUN_NAME.test(run) || now.getTime() - newest.getTime() <= days * DAY_MS) continue;
    if (!(await holdsSecrets(store, run))) continue;
    try {
      if ((await server.look(run)).status === 'under way') continue;
      expired.forgotten.push(await forgetRun({ store, run, server }));
    } catch (error) {
      // One failure must not keep the others from being forgotten.
      expired.kept.push({ run, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return expired;
}

/** A run that succeeded has neither. */
async function holdsSecrets(store: ArtifactStore, run: string): Promise<boolean> {
  const keys = await store.list({ area: 'private', key: run });
  const { runKey, checkpoints } = runLayout(run);
  return keys.some((key) => key === runKey.key || isBelow(checkpoints, key));
}
