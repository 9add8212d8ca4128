import { invalidConfig } from '../../schemas/errors.ts';
import { RUN_NAME } from '../../schemas/names.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { destroySecrets } from '../report/destroy-secrets.ts';
import type { ForgetServer } from './forget-server.ts';
import { type Settled, settleRun } from './settle-run.ts';

/** How much of a run is destroyed. Its key and its checkpoints always are. */
export type ForgetScope = { all?: boolean; release?: boolean };

export type Forgotten = {
  run: string;
  /** What the server knew about the run. `not asked` without a server. */
  server: 'ended' | 'unknown' | 'not asked';
  settled: Settled[];
  /** Keys of the artifacts that were destroyed, by area. */
  destroyed: { private: string[]; release: string[] };
  /** Keys of the artifacts that are still there. */
  left: { private: string[]; release: string[] };
};

/**
 * Destroys what a finished run leaves behind: its key and its checkpoints; with `all`, its whole private
 * folder; with `release`, its release. Its reservations in the ledgers are settled first: without the key and
 * the checkpoints, nobody could determine whether any of its output was observed.
 * @throws InvalidConfig if the run is still running, or has nothing in the store; what the ledger throws.
 * Nothing is destroyed then
 */
export async function forgetRun(
  params: { store: ArtifactStore; run: string; server: ForgetServer | null } & ForgetScope,
): Promise<Forgotten> {
  const { store, run, server, all = false, release = false } = params;
  if (!RUN_NAME.test(run)) throw invalidConfig(`${JSON.stringify(run)} is not a valid name of a run.`);
  await assertEnded({ run, server });
  const before = await keysOf(store, run);
  const settled = await settleRun({ store, run, server });
  if (before.private.length + before.release.length + settled.length === 0)
    throw invalidConfig(`There is no run ${run} in the store ${store.uri}.`);
  // The run may have been started again in the meantime.
  const status = await assertEnded({ run, server });
  await destroySecrets({ store, run });
  if (all) await store.remove({ area: 'private', key: run });
  if (release) await store.remove({ area: 'release', key: run });
  const left = await keysOf(store, run);
  return {
    run,
    server: status,
    settled,
    destroyed: {
      private: without(before.private, left.private),
      release: without(before.release, left.release),
    },
    left,
  };
}

async function assertEnded(params: {
  run: string;
  server: ForgetServer | null;
}): Promise<Forgotten['server']> {
  const { run, server } = params;
  if (server === null) return 'not asked';
  const { status, partOf } = await server.look(run);
  if (status !== 'under way') return status;
  const what = partOf === undefined ? `${run} is` : `${run} is a part of ${partOf}, which is`;
  throw invalidConfig(
    `${what} under way. \`dpsynth cancel ${partOf ?? run}\` ends it first; nothing was destroyed.`,
  );
}

async function keysOf(store: ArtifactStore, run: string) {
  return {
    private: await store.list({ area: 'private', key: run }),
    release: await store.list({ area: 'release', key: run }),
  };
}

function without(keys: readonly string[], left: readonly string[]): string[] {
  const there = new Set(left);
  return keys.filter((key) => !there.has(key));
}
