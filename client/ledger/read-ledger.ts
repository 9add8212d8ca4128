import { accountLedger } from '../../engine/privacy/ledger-account.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import type { LedgerView } from '../../schemas/ledger.ts';
import { chargedParts } from '../../schemas/ledger-state.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readLedger as readRecords } from '../../storage/ledger-records.ts';

/** A ledger from its records in the store; no server is asked. Throws InvalidConfig where there is none of this id. */
export async function readLedger(params: { store: ArtifactStore; ledger: string }): Promise<LedgerView> {
  const state = await readRecords({ ...params, atLeast: 0 });
  const { limits } = state;
  if (limits === null)
    throw invalidConfig(
      `The store ${params.store.uri} has no ledger ${params.ledger}: \`dpsynth ledger list\` names those it has.`,
    );
  const { charged } = accountLedger({ charged: chargedParts(state), added: [], limits });
  return { ...state, charged };
}
