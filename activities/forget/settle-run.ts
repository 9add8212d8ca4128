import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { LedgerEntry } from '../../schemas/ledger.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { appendRecord, listLedgers, readLedger } from '../../storage/ledger-records.ts';
import type { ForgetServer } from './forget-server.ts';

/** What became of a reservation of a run. */
export type Settled = { ledger: string; id: string; stage: string; outcome: 'charged' | 'refunded' };

type Open = { ledger: string; entry: LedgerEntry };

/**
 * Settles every reservation of a run that is open, in all ledgers of the store. Through the server, the ledger refunds what was
 * not observed, and charges the rest. Without a server all is charged: nobody can tell then whether the run still computes.
 * Returns once the records of the store say so. Throws what the ledger throws, or Unexpected if it has settled in another store.
 */
export async function settleRun(params: {
  store: ArtifactStore;
  run: string;
  server: ForgetServer | null;
}): Promise<Settled[]> {
  const { store, run, server } = params;
  const open = await openEntries({ store, run });
  for (const { ledger, entry } of open)
    if (server === null) await charge({ store, ledger, id: entry.id });
    else await server.refund({ ledger, id: entry.id });
  return Promise.all(open.map((one) => outcomeOf(store, one)));
}

async function openEntries({ store, run }: { store: ArtifactStore; run: string }): Promise<Open[]> {
  const found: Open[] = [];
  for (const ledger of await listLedgers({ store })) {
    const { entries } = await readLedger({ store, ledger, atLeast: 0 });
    for (const entry of entries)
      if (entry.run === run && (entry.status === 'waiting' || entry.status === 'reserved'))
        found.push({ ledger, entry });
  }
  return found;
}

/** As the ledger itself writes it. Its workflow reads the records again when it finds one that it did not write. */
async function charge(params: { store: ArtifactStore; ledger: string; id: string }): Promise<void> {
  const { store, ledger, id } = params;
  for (;;) {
    const { sequence, entries } = await readLedger({ store, ledger, atLeast: 0 });
    const status = entries.find((entry) => entry.id === id)?.status;
    if (status === 'committed' || status === 'released') return;
    const record = {
      sequence: sequence + 1,
      at: new Date().toISOString(),
      change: { kind: 'commit' as const, id },
    };
    if (await appendRecord({ store, ledger, record })) return;
  }
}

/** The records in this store are the ledger: what a server says of another one does not count. */
async function outcomeOf(store: ArtifactStore, { ledger, entry }: Open): Promise<Settled> {
  const { entries } = await readLedger({ store, ledger, atLeast: 0 });
  const status = entries.find(({ id }) => id === entry.id)?.status;
  const { id, stage } = entry;
  if (status === 'committed') return { ledger, id, stage, outcome: 'charged' };
  if (status === 'released') return { ledger, id, stage, outcome: 'refunded' };
  throw new DpsynthError({
    type: ErrorType.Unexpected,
    message: `The reservation ${id} of the ledger ${ledger} is still open in the store ${store.uri}: the server that was asked keeps another store. Ask the server of this store; nothing was destroyed.`,
  });
}
