import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { LedgerEntry, LedgerLimits } from '../../schemas/ledger.ts';
import { chargedParts, findEntry } from '../../schemas/ledger-state.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readLedger } from '../../storage/ledger-records.ts';
import type { LedgerOfRun } from './ledger-of.ts';

/** State of a ledger according to its records, when a worker reads them. */
export type LedgerNow = { ledger: string; limits: LedgerLimits; charged: MechanismPart[]; sequence: number };

/**
 * Checks in the store's records that a ledger holds budget for a release, whatever a workflow claims:
 * `reserved` before the release is made, `committed` before it is published. Throws BudgetExceeded if not.
 */
export async function assertHeld(params: {
  store: ArtifactStore;
  of: LedgerOfRun;
  release: string;
  parts: readonly MechanismPart[];
  atLeast: 'reserved' | 'committed';
}): Promise<LedgerNow> {
  const { store, of, release, parts, atLeast } = params;
  const state = await readLedger({ store, ledger: of.ledger, atLeast: 0 });
  const entry = findEntry(state, release);
  const isHeld =
    entry !== undefined &&
    STATES[atLeast].includes(entry.status) &&
    JSON.stringify(entry.parts) === JSON.stringify(parts);
  if (!isHeld)
    throw new DpsynthError({
      type: ErrorType.BudgetExceeded,
      message:
        `The ledger ${of.ledger} has not ` +
        `${atLeast === 'reserved' ? 'reserved the budget' : 'been charged'} for the release ${release}. ` +
        `Start the run as an experiment, which reserves the budget first; ` +
        `\`dpsynth ledger show ${of.ledger}\` shows what it holds.`,
    });
  const { ledger, limits, sequence } = state;
  return { ledger, limits: limits!, charged: chargedParts(state), sequence };
}

const STATES: Record<'reserved' | 'committed', readonly LedgerEntry['status'][]> = {
  reserved: ['reserved', 'committed'],
  committed: ['committed'],
};
