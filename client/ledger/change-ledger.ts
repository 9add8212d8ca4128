import type { Client } from '@temporalio/client';
import { updateLedger } from '../../activities/ledger/update-ledger.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import {
  type EntryOutcome,
  type LedgerLimits,
  ledgerIdSchema,
  ledgerLimitsSchema,
} from '../../schemas/ledger.ts';
import { LedgerUpdate } from '../../schemas/names.ts';
import { type Policy, policySchema } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readLedger } from '../../storage/ledger-records.ts';
import { readPolicy, setPolicy, writeApproval } from '../../storage/policy/policy-records.ts';
import { parsed } from '../parsed.ts';

/**
 * Who changes a ledger, and the store in which the change is written first. Whoever may write there may
 * change the ledger.
 */
type Change = { client: Client; store: ArtifactStore; ledger: string; by: string };

/**
 * Approves a reservation, so that its stage continues: writes the approval to the store, and
 * notifies the ledger.
 * Throws InvalidConfig if the ledger has no such reservation, StorageUnavailable without write access.
 */
export async function approveReservation(params: Change & { reservation: string }): Promise<EntryOutcome> {
  const { client, store, reservation, by } = params;
  const ledger = parsed(ledgerIdSchema, params.ledger, 'The id of the ledger is not valid');
  const { entries } = await readLedger({ store, ledger, atLeast: 0 });
  if (!entries.some(({ id }) => id === reservation))
    throw invalidConfig(
      `The ledger ${ledger} has no reservation ${reservation}. \`dpsynth ledger show ${ledger}\` lists its reservations.`,
    );
  await writeApproval({ store, ledger, reservation, by });
  return updateLedger({ client, ledger, update: LedgerUpdate.approve, request: { id: reservation } });
}

/**
 * Changes the limits of a ledger: writes them to the policy of the store, and notifies the ledger. What is
 * charged stays charged. Throws InvalidConfig if they are not valid, StorageUnavailable without write access.
 */
export async function setLedgerLimits(params: Change & { limits: LedgerLimits }): Promise<LedgerLimits> {
  const { client, store, by } = params;
  const ledger = parsed(ledgerIdSchema, params.ledger, 'The id of the ledger is not valid');
  const limits = parsed(ledgerLimitsSchema, params.limits, 'The limits are not valid');
  const policy = (await readPolicy({ store })) ?? policySchema.parse({});
  await setPolicy({ store, policy: withLimits(policy, ledger, limits), by });
  return updateLedger({ client, ledger, update: LedgerUpdate.limits, request: limits });
}

function withLimits(policy: Policy, ledger: string, limits: LedgerLimits): Policy {
  const others = policy.ledgers.filter(({ id }) => id !== ledger);
  return { ...policy, ledgers: [...others, { id: ledger, ...limits }] };
}
