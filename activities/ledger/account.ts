import { accountLedger } from '../../engine/privacy/ledger-account.ts';
import { accountInput } from '../../schemas/ledger.ts';
import { createLocalActivity } from './local-activity.ts';

/**
 * Composes what a ledger has charged with a new charge. An activity, because it is too much arithmetic
 * for a workflow.
 */
export function createAccountLedger() {
  return createLocalActivity(async (input: unknown) => accountLedger(accountInput.parse(input)));
}
