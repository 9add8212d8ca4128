import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import {
  type Approval,
  approvalSchema,
  type Policy,
  type PolicyRecord,
  policyRecordSchema,
} from '../../schemas/policy.ts';
import type { ArtifactStore } from '../artifact-store.ts';
import { putOnce } from '../put-once.ts';
import { appendToChain, type RecordChain, readChain } from '../record-chain.ts';

/**
 * What only an operator writes: policies and approvals. Whoever may write below this folder has the right to
 * change them; workers and those who start experiments need not have it. No run can have this name: `@` is
 * not allowed in one.
 */
const FOLDER = 'operator@1';

/**
 * All versions of the policy of a store, the oldest first. Throws ArtifactCorrupt if one is missing
 * or was changed.
 */
export async function readPolicies({ store }: { store: ArtifactStore }): Promise<PolicyRecord[]> {
  return (await readChain(chainOf(store))).records;
}

/** The policy in force, or null if the store has none. */
export async function readPolicy(params: { store: ArtifactStore }): Promise<Policy | null> {
  return (await readPolicies(params)).at(-1)?.policy ?? null;
}

/** Puts a policy in force, on record. */
export async function setPolicy(params: {
  store: ArtifactStore;
  policy: Policy;
  by: string;
}): Promise<PolicyRecord> {
  const { store, policy, by } = params;
  for (;;) {
    const { records } = await readChain(chainOf(store));
    const record = { sequence: records.length + 1, at: new Date().toISOString(), by, policy };
    if (await appendToChain(chainOf(store), record)) return record;
  }
}

/** Gives the permission for a reservation. The first one stays as it is. */
export async function writeApproval(params: {
  store: ArtifactStore;
  ledger: string;
  reservation: string;
  by: string;
}): Promise<void> {
  const { store, by } = params;
  const record = { at: new Date().toISOString(), by } satisfies Approval;
  await putOnce({ store, area: 'private', key: approvalKey(params), record });
}

/** The permission for a reservation, or null. Throws ArtifactCorrupt if it cannot be read. */
export async function readApproval(params: {
  store: ArtifactStore;
  ledger: string;
  reservation: string;
}): Promise<Approval | null> {
  const key = approvalKey(params);
  const bytes = await params.store.readKey({ area: 'private', key });
  if (bytes === null) return null;
  try {
    return approvalSchema.parse(JSON.parse(String(bytes)));
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: `private/${key} is no approval. Remove it, and approve again with \`dpsynth ledger approve\`.`,
      cause,
    });
  }
}

function approvalKey({ ledger, reservation }: { ledger: string; reservation: string }): string {
  return `${FOLDER}/approvals/${ledger}/${reservation}.json`;
}

function chainOf(store: ArtifactStore): RecordChain<PolicyRecord> {
  return { store, folder: `${FOLDER}/policy`, schema: policyRecordSchema, name: 'the policy' };
}
