import { DpsynthError, ErrorType } from './errors.ts';
import type { LedgerChange, LedgerEntry, LedgerRecord, LedgerState } from './ledger.ts';
import type { MechanismPart } from './privacy.ts';

export function emptyLedger(ledger: string): LedgerState {
  return { ledger, sequence: 0, limits: null, entries: [] };
}

/**
 * Returns the ledger after one more record. Pure, so that workflow, worker and command line see the same
 * ledger in the same records. Throws ArtifactCorrupt if the record does not follow the last one.
 */
export function applyRecord(state: LedgerState, { sequence, at, change }: LedgerRecord): LedgerState {
  if (sequence !== state.sequence + 1)
    throw corrupt(state, `it has record ${sequence} instead of record ${state.sequence + 1}`);
  const next = { ...state, sequence };
  if (change.kind === 'limits') return { ...next, limits: change.limits };
  return { ...next, entries: changedEntries(state, at, change) };
}

function changedEntries(
  state: LedgerState,
  at: string,
  change: Exclude<LedgerChange, { kind: 'limits' }>,
): LedgerEntry[] {
  if (change.kind === 'reserve') {
    const { reservation, epsilon, waits } = change;
    const others = state.entries.filter(({ id }) => id !== reservation.id);
    return [...others, { ...reservation, epsilon, status: waits ? 'waiting' : 'reserved', at }];
  }
  if (findEntry(state, change.id) === undefined)
    throw corrupt(
      state,
      `record ${state.sequence + 1} changes the reservation ${change.id}, which no record made`,
    );
  const status = STATUS_AFTER[change.kind];
  return state.entries.map((entry) => (entry.id === change.id ? { ...entry, status, at } : entry));
}

/** `release` is the stored name of a refund. */
const STATUS_AFTER = { approve: 'reserved', commit: 'committed', release: 'released' } as const;

export function findEntry(state: LedgerState, id: string): LedgerEntry | undefined {
  return state.entries.find((entry) => entry.id === id);
}

/**
 * Returns everything that counts against the limit: what is committed, reserved or waiting for approval.
 * Equal mechanisms are one part.
 */
export function chargedParts({ entries }: Pick<LedgerState, 'entries'>): MechanismPart[] {
  return groupParts(entries.filter(({ status }) => status !== 'released').flatMap(({ parts }) => parts));
}

/** Adds up the steps of equal mechanisms. Composition does not depend on how they were divided. */
export function groupParts(parts: readonly MechanismPart[]): MechanismPart[] {
  const groups = new Map<string, MechanismPart>();
  for (const part of parts) {
    const key = `${part.samplingRate} ${part.noiseMultiplier}`;
    groups.set(key, { ...part, steps: part.steps + (groups.get(key)?.steps ?? 0) });
  }
  return [...groups.values()];
}

function corrupt({ ledger }: LedgerState, what: string): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `The ledger ${ledger} cannot be read: ${what}. Restore the records of the store. Until then nothing is reserved.`,
  });
}
