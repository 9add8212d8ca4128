import type { ActivityDeps } from '../activity-deps.ts';
import { createAccountLedger } from './account.ts';
import { createReserveBudget, createSettleBudget } from './change-budget.ts';
import { createQuoteBudget } from './quote-budget.ts';
import { createAppendLedger, createHasMoreRecords, createReadLedger } from './records.ts';
import { createWasObserved } from './was-observed.ts';

/** Activities by which experiments use the ledger, and activities that the ledger itself needs. */
export function createLedgerActivities(deps: ActivityDeps) {
  return {
    quoteBudget: createQuoteBudget(deps),
    reserveBudget: createReserveBudget(),
    settleBudget: createSettleBudget(),
    readLedger: createReadLedger(deps),
    hasMoreRecords: createHasMoreRecords(deps),
    appendLedger: createAppendLedger(deps),
    accountLedger: createAccountLedger(),
    wasObserved: createWasObserved(deps),
  };
}
