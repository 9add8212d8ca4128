import { type LedgerRecord, type LedgerState, ledgerRecordSchema } from '../schemas/ledger.ts';
import { applyRecord, emptyLedger } from '../schemas/ledger-state.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { appendToChain, hasMore, type RecordChain, readChain } from './record-chain.ts';

/** No run can have this name: `@` is not allowed in one. */
const FOLDER = 'ledger@1';

type Ledger = { store: ArtifactStore; ledger: string };

/**
 * The ledger as its records say. Throws ArtifactCorrupt if one is missing, unreadable or changed, or if there
 * are fewer than `atLeast`: a ledger that forgets would spend the budget again.
 */
export async function readLedger(params: Ledger & { atLeast: number }): Promise<LedgerState> {
  const { records } = await readRecords(params);
  return records.reduce(applyRecord, emptyLedger(params.ledger));
}

/**
 * The records of a ledger in their order, and the digest of the newest one. Throws ArtifactCorrupt
 * as `readLedger` does.
 */
export function readRecords({ atLeast, ...ledger }: Ledger & { atLeast: number }) {
  return readChain({ ...chainOf(ledger), atLeast });
}

/**
 * Adds a record, durably and never in place of another. False if another one has its sequence number: the
 * ledger has gone on, read it again. Writing the same record again is no change.
 * Throws ArtifactCorrupt if the record before it is gone.
 */
export function appendRecord({ record, ...ledger }: Ledger & { record: LedgerRecord }): Promise<boolean> {
  return appendToChain(chainOf(ledger), record);
}

/** Whether there are records after this one. Throws ArtifactCorrupt if this one is gone. */
export function hasMoreRecords({ sequence, ...ledger }: Ledger & { sequence: number }): Promise<boolean> {
  return hasMore(chainOf(ledger), sequence);
}

/** The ids of all ledgers of a store, sorted. */
export async function listLedgers({ store }: { store: ArtifactStore }): Promise<string[]> {
  const keys = await store.list({ area: 'private', key: FOLDER });
  return [...new Set(keys.map((key) => key.split('/')[1]))].sort();
}

function chainOf({ store, ledger }: Ledger): RecordChain<LedgerRecord> {
  return { store, folder: `${FOLDER}/${ledger}`, schema: ledgerRecordSchema, name: `the ledger ${ledger}` };
}
