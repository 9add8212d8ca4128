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

/** Who changes a ledger, and the store in which that must be written first: the right to do it is the right to write there. */
type Change = { client: Client; store: ArtifactStore; ledger: string; by: string };

/**
 * Lets a stage go on that waits for a person: the approval is written to the store, and the ledger is told to look.
 * Throws InvalidConfig if the ledger has no such reservation; StorageUnavailable without the right to write there.
 */
export async function approveReservation(params: Change & { reservation: string }): Promise<EntryOutcome> {
  const { client, store, reservation, by } = params;
  const ledger = parsed(ledgerIdSchema, params.ledger, 'The ledger does not take this');
  const { entries } = await readLedger({ store, ledger, atLeast: 0 });
  if (!entries.some(({ id }) => id === reservation))
    throw invalidConfig(
      `The ledger ${ledger} holds no reservation ${reservation}. \`dpsynth ledger show ${ledger}\` lists them.`,
    );
  await writeApproval({ store, ledger, reservation, by });
  return updateLedger({ client, ledger, update: LedgerUpdate.approve, request: { id: reservation } });
}

/**
 * Sets other limits of a ledger: they become part of the policy of the store, and the ledger is told to look. What is charged stays
 * charged. Throws InvalidConfig; StorageUnavailable without the right to write there.
 */
export async function setLedgerLimits(params: Change & { limits: LedgerLimits }): Promise<LedgerLimits> {
  const { client, store, by } = params;
  const ledger = parsed(ledgerIdSchema, params.ledger, 'The ledger does not take this');
  const limits = parsed(ledgerLimitsSchema, params.limits, 'The ledger does not take this');
  const policy = (await readPolicy({ store })) ?? policySchema.parse({});
  await setPolicy({ store, policy: withLimits(policy, ledger, limits), by });
  return updateLedger({ client, ledger, update: LedgerUpdate.limits, request: limits });
}

function withLimits(policy: Policy, ledger: string, limits: LedgerLimits): Policy {
  const others = policy.ledgers.filter(({ id }) => id !== ledger);
  return { ...policy, ledgers: [...others, { id: ledger, ...limits }] };
}
