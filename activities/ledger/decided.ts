import { policyViolation } from '../../schemas/errors.ts';
import type { LedgerLimits, LedgerRecord } from '../../schemas/ledger.ts';
import { limitsOfLedger, type Policy, sameLimits } from '../../schemas/policy.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { readApproval, readPolicies } from '../../storage/policy/policy-records.ts';

/**
 * Returns the record with the operator who decided it, for changes that need an operator: approvals, and
 * limits other than the first ones of a ledger that no policy names. Throws PolicyViolation if no operator
 * decided the change.
 */
export async function decided(params: {
  store: ArtifactStore;
  ledger: string;
  record: LedgerRecord;
}): Promise<LedgerRecord> {
  const { store, ledger, record } = params;
  const { change } = record;
  if (change.kind === 'approve') {
    const approval = await readApproval({ store, ledger, reservation: change.id });
    if (approval === null)
      throw policyViolation(
        `The reservation ${change.id} of the ledger ${ledger} is not approved in the store. ` +
          `An operator can approve it there: \`dpsynth ledger approve ${ledger} ${change.id}\`.`,
      );
    return { ...record, change: { ...change, by: approval.by } };
  }
  if (change.kind !== 'limits') return record;
  const newest = (await readPolicies({ store })).at(-1);
  if (newest !== undefined && gives(newest.policy, ledger, change.limits))
    return { ...record, change: { ...change, by: newest.by } };
  const isNamed = newest !== undefined && limitsOfLedger(newest.policy, ledger) !== undefined;
  // The first experiment that names a ledger opens that ledger.
  if (record.sequence === 1 && !isNamed) return record;
  throw policyViolation(
    `The policy of the store does not give these limits to the ledger ${ledger}. ` +
      `An operator can set them there: \`dpsynth ledger limits ${ledger}\`.`,
  );
}

/**
 * A ledger that the policy does not name may have the limits of a rule that gives each source its own ledger.
 */
function gives(policy: Policy, ledger: string, limits: LedgerLimits): boolean {
  const named = limitsOfLedger(policy, ledger);
  if (named !== undefined) return sameLimits(named, limits);
  return policy.sources.some(({ limits: own }) => own !== undefined && sameLimits(own, limits));
}
