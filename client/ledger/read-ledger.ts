import { accountLedger } from '../../engine/privacy/ledger-account.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import type { LedgerView } from '../../schemas/ledger.ts';
import { chargedParts } from '../../schemas/ledger-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readLedger as readRecords } from '../../storage/ledger-records.ts';

/**
 * Reads a ledger from its records in the store, without a server. Throws InvalidConfig if no ledger
 * has this id.
 */
export async function readLedger(params: { store: ArtifactStore; ledger: string }): Promise<LedgerView> {
  const state = await readRecords({ ...params, atLeast: 0 });
  const { limits } = state;
  if (limits === null)
    throw invalidConfig(
      `The store ${params.store.uri} has no ledger ${params.ledger}. \`dpsynth ledger list\` lists its ledgers.`,
    );
  const { charged } = accountLedger({ charged: chargedParts(state), added: [], limits });
  return { ...state, charged };
}
