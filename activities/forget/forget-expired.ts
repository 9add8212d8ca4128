import { RUN_NAME } from '../../schemas/names.ts';
import { isBelow, runLayout } from '../../schemas/run-layout.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readPolicy } from '../../storage/policy/policy-records.ts';
import { type Forgotten, forgetRun } from './forget-run.ts';
import type { ForgetServer } from './forget-server.ts';

export type Expired = {
  /** `keepUnfinishedDays` of the policy of the store; null if it has none: then nothing expires. */
  days: number | null;
  forgotten: Forgotten[];
  /** Runs that are kept although they are old enough, and why. */
  kept: { run: string; why: string }[];
};

const DAY_MS = 24 * 3_600_000;

/**
 * Destroys key and checkpoints of every unfinished run whose newest private file is older than the policy of the store allows. A run that
 * is under way on the server is left alone, however old its files are.
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
      // The others can be forgotten all the same.
      expired.kept.push({ run, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return expired;
}

/** A run that has ended well keeps neither. */
async function holdsSecrets(store: ArtifactStore, run: string): Promise<boolean> {
  const keys = await store.list({ area: 'private', key: run });
  const { runKey, checkpoints } = runLayout(run);
  return keys.some((key) => key === runKey.key || isBelow(checkpoints, key));
}
