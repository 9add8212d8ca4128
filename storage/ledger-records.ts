import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { type LedgerRecord, type LedgerState, ledgerRecordSchema } from '../schemas/ledger.ts';
import { applyRecord, emptyLedger } from '../schemas/ledger-state.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { putOnce } from './put-once.ts';

/** No run can have this name: `@` is not allowed in one. */
const FOLDER = 'ledger@1';

/**
 * The ledger as its records say. Throws ArtifactCorrupt where one is missing or unreadable, or where there are fewer than
 * `atLeast`: a ledger that forgets would spend the budget again.
 */
export async function readLedger(params: {
  store: ArtifactStore;
  ledger: string;
  atLeast: number;
}): Promise<LedgerState> {
  const { store, ledger, atLeast } = params;
  const keys = await store.list({ area: 'private', key: `${FOLDER}/${ledger}` });
  let state = emptyLedger(ledger);
  for (const key of keys) state = applyRecord(state, await readRecord(store, key));
  if (state.sequence < atLeast)
    throw lost(ledger, `${state.sequence} records are there, and there were ${atLeast}`);
  return state;
}

/**
 * Adds a record, durably and never in place of another. False where another one has its sequence number: the ledger has
 * gone on, read it again. Writing the same record again is no change.
 * Throws ArtifactCorrupt where the record before it is gone.
 */
export async function appendRecord(params: {
  store: ArtifactStore;
  ledger: string;
  record: LedgerRecord;
}): Promise<boolean> {
  const { store, ledger, record } = params;
  await assertThere({ store, ledger, sequence: record.sequence - 1 });
  return putOnce({ store, area: 'private', key: keyOf(ledger, record.sequence), record });
}

/** Whether there are records after this one. Throws ArtifactCorrupt where this one is gone. */
export async function hasMoreRecords(params: {
  store: ArtifactStore;
  ledger: string;
  sequence: number;
}): Promise<boolean> {
  const { store, ledger, sequence } = params;
  await assertThere(params);
  return (await store.readKey({ area: 'private', key: keyOf(ledger, sequence + 1) })) !== null;
}

/** The ids of all ledgers of a store, sorted. */
export async function listLedgers({ store }: { store: ArtifactStore }): Promise<string[]> {
  const keys = await store.list({ area: 'private', key: FOLDER });
  return [...new Set(keys.map((key) => key.split('/')[1]))].sort();
}

/** Names sort by sequence number. */
function keyOf(ledger: string, sequence: number): string {
  return `${FOLDER}/${ledger}/${String(sequence).padStart(8, '0')}.json`;
}

async function readRecord(store: ArtifactStore, key: string): Promise<LedgerRecord> {
  const bytes = await store.readKey({ area: 'private', key });
  try {
    return ledgerRecordSchema.parse(JSON.parse(String(bytes)));
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: `private/${key} is no record of a ledger. Bring it back; nothing is reserved until then.`,
      cause,
    });
  }
}

async function assertThere(params: {
  store: ArtifactStore;
  ledger: string;
  sequence: number;
}): Promise<void> {
  const { store, ledger, sequence } = params;
  if (sequence > 0 && (await store.readKey({ area: 'private', key: keyOf(ledger, sequence) })) === null)
    throw lost(ledger, `record ${sequence} is gone`);
}

function lost(ledger: string, what: string): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `Records of the ledger ${ledger} are missing from the store: ${what}. Bring them back; nothing is reserved until then.`,
  });
}
