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
 * Folder of policies and approvals, which only an operator writes. Whoever may write below this folder can
 * change them. Workers and people who start experiments need no write access. No run can have this name: `@`
 * is not allowed in one.
 */
const FOLDER = 'operator@1';

/**
 * Returns all versions of a store's policy, the oldest first. Throws ArtifactCorrupt if one is missing
 * or was changed.
 */
export async function readPolicies({ store }: { store: ArtifactStore }): Promise<PolicyRecord[]> {
  return (await readChain(chainOf(store))).records;
}

/** Returns the policy in force, or null if the store has none. */
export async function readPolicy(params: { store: ArtifactStore }): Promise<Policy | null> {
  return (await readPolicies(params)).at(-1)?.policy ?? null;
}

/** Puts a policy in force and records it. */
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

/** Approves a reservation. The first approval is never replaced. */
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

/** Returns the approval of a reservation, or null. Throws ArtifactCorrupt if it cannot be read. */
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
      message:
        `private/${key} is not an approval. Remove it, and ` +
        `approve again with \`dpsynth ledger approve\`.`,
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
