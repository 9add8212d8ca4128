import { Context } from '@temporalio/activity';
import { reserveBudgetInput, settleBudgetInput } from '../../schemas/budget.ts';
import type { EntryOutcome } from '../../schemas/ledger.ts';
import { LedgerUpdate } from '../../schemas/names.ts';
import { createRepeatable } from '../repeatable.ts';
import { updateLedger } from './update-ledger.ts';

/** Holds budget for a DP stage. Throws BudgetExceeded, which says what is left and what would fit. */
export function createReserveBudget() {
  return createRepeatable({
    input: reserveBudgetInput,
    run: ({ ledger, ...request }) =>
      updateLedger<EntryOutcome>({ client: client(), ledger, update: LedgerUpdate.reserve, request }),
  });
}

/** Charges a DP stage that has ended, or refunds its budget if it failed and nothing was observed. */
export function createSettleBudget() {
  return createRepeatable({
    input: settleBudgetInput,
    run: ({ ledger, id, outcome }) =>
      updateLedger<EntryOutcome>({
        client: client(),
        ledger,
        update: outcome === 'commit' ? LedgerUpdate.commit : LedgerUpdate.refund,
        request: { id },
      }),
  });
}

/** On the worker's own connection. */
function client() {
  return Context.current().client;
}
