import { type LedgerRecord, type LedgerState, ledgerRecordSchema } from '../schemas/ledger.ts';
import { applyRecord, emptyLedger } from '../schemas/ledger-state.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { appendToChain, hasMore, type RecordChain, readChain } from './record-chain.ts';

/** No run can have this name: `@` is not allowed in one. */
const FOLDER = 'ledger@1';

type Ledger = { store: ArtifactStore; ledger: string };

/**
 * Returns the ledger according to its records. Throws ArtifactCorrupt if a record is missing, unreadable or
 * changed, or if there are fewer than `atLeast`: a ledger that lost records would spend the budget again.
 */
export async function readLedger(params: Ledger & { atLeast: number }): Promise<LedgerState> {
  const { records } = await readRecords(params);
  return records.reduce(applyRecord, emptyLedger(params.ledger));
}

/**
 * Returns the records of a ledger in their order, and the digest of the newest one. Throws
 * ArtifactCorrupt like `readLedger`.
 */
export function readRecords({ atLeast, ...ledger }: Ledger & { atLeast: number }) {
  return readChain({ ...chainOf(ledger), atLeast });
}

/**
 * Adds a record durably, and never replaces another one. Returns false if another record has its sequence
 * number: the ledger has changed and must be read again. Writing the same record again changes nothing.
 * Throws ArtifactCorrupt if the record before it is missing.
 */
export function appendRecord({ record, ...ledger }: Ledger & { record: LedgerRecord }): Promise<boolean> {
  return appendToChain(chainOf(ledger), record);
}

/** Returns whether there are records after this one. Throws ArtifactCorrupt if this one is missing. */
export function hasMoreRecords({ sequence, ...ledger }: Ledger & { sequence: number }): Promise<boolean> {
  return hasMore(chainOf(ledger), sequence);
}

/** Returns the ids of all ledgers of a store, sorted. */
export async function listLedgers({ store }: { store: ArtifactStore }): Promise<string[]> {
  const keys = await store.list({ area: 'private', key: FOLDER });
  return [...new Set(keys.map((key) => key.split('/')[1]))].sort();
}

function chainOf({ store, ledger }: Ledger): RecordChain<LedgerRecord> {
  return { store, folder: `${FOLDER}/${ledger}`, schema: ledgerRecordSchema, name: `the ledger ${ledger}` };
}
