import type { LedgerRecord, LedgerState } from '../../schemas/ledger.ts';
import { appendRecord, hasMoreRecords, readLedger } from '../../storage/ledger-records.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { decided } from './decided.ts';
import { createLocalActivity } from './local-activity.ts';

/** Reads all records of a ledger. Throws ArtifactCorrupt if records are missing. */
export function createReadLedger({ store }: ActivityDeps) {
  return createLocalActivity(
    (params: { ledger: string; atLeast: number }): Promise<LedgerState> => readLedger({ store, ...params }),
  );
}

/** Returns whether another server has written to a ledger in the meantime. */
export function createHasMoreRecords({ store }: ActivityDeps) {
  return createLocalActivity(
    (params: { ledger: string; sequence: number }): Promise<boolean> => hasMoreRecords({ store, ...params }),
  );
}

/**
 * Adds one record. Returns false if another record has its place. Limits and approvals are written only as an
 * operator decided them in the store, whoever asks for them. Throws PolicyViolation.
 */
export function createAppendLedger({ store }: ActivityDeps) {
  return createLocalActivity(
    async ({ ledger, record }: { ledger: string; record: LedgerRecord }): Promise<boolean> =>
      appendRecord({ store, ledger, record: await decided({ store, ledger, record }) }),
  );
}
