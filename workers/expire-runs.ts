import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { forgetExpired } from '../activities/forget/forget-expired.ts';
import { forgetServer } from '../activities/forget/forget-server.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';

/** Receives one line each time. */
export type ExpiryLog = Record<'info' | 'warn', (message: string, meta: Record<string, unknown>) => void>;

const DAY_MS = 24 * 3_600_000;

/**
 * Destroys keys and checkpoints of unfinished runs that are older than the store's policy allows:
 * immediately, and then once per day. Failures are logged and retried on the next day. Returns a function
 * that stops it.
 */
export function expireRuns(params: {
  client: Client;
  store: ArtifactStore;
  log: ExpiryLog;
  /** @default one day */
  everyMs?: number;
}): () => void {
  const { client, store, log, everyMs = DAY_MS } = params;
  const stopped = new AbortController();
  const { signal } = stopped;
  void (async () => {
    while (!signal.aborted) {
      await expireOnce({ client, store, log, signal });
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  })();
  return () => stopped.abort();
}

async function expireOnce(params: {
  client: Client;
  store: ArtifactStore;
  log: ExpiryLog;
  signal: AbortSignal;
}): Promise<void> {
  const { client, store, log, signal } = params;
  try {
    const { days, forgotten, kept } = await forgetExpired({ store, server: forgetServer(client) });
    if (days === null || signal.aborted) return;
    const runs = forgotten.map(({ run }) => run);
    const message =
      `Destroyed keys and checkpoints of ${runs.length} unfinished runs ` + `older than ${days} days`;
    if (kept.length === 0) log.info(message, { runs });
    else log.warn(`${message}; ${kept.length} could not be forgotten`, { runs, kept });
  } catch (error) {
    // A worker that shuts down closes the connection.
    if (!signal.aborted) log.warn('Unfinished runs could not be checked for their age', { error });
  }
}
