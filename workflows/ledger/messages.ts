import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  EntryOutcome,
  EntryRequest,
  LedgerLimits,
  LedgerView,
  ReserveRequest,
} from '../../schemas/ledger.ts';
import { BUDGET_APPROVED_SIGNAL, LEDGER_STATE_QUERY, LedgerUpdate } from '../../schemas/names.ts';

export const ledgerState = defineQuery<LedgerView>(LEDGER_STATE_QUERY);
export const reserve = defineUpdate<EntryOutcome, [ReserveRequest]>(LedgerUpdate.reserve);
export const commit = defineUpdate<EntryOutcome, [EntryRequest]>(LedgerUpdate.commit);
export const refund = defineUpdate<EntryOutcome, [EntryRequest]>(LedgerUpdate.refund);
export const approve = defineUpdate<EntryOutcome, [EntryRequest]>(LedgerUpdate.approve);
export const limits = defineUpdate<LedgerLimits, [LedgerLimits]>(LedgerUpdate.limits);

/** Notifies a waiting run that the reservation with this id was approved. */
export const budgetApproved = defineSignal<[string]>(BUDGET_APPROVED_SIGNAL);
