import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { z } from 'zod';
import { prettifyError } from 'zod';
import type { ControlActivities } from '../../activities/index.ts';
import { ErrorType, NON_RETRYABLE_ERROR_TYPES } from '../../schemas/errors.ts';
import {
  entryRequestSchema,
  type LedgerInput,
  ledgerInputSchema,
  ledgerLimitsSchema,
  reserveRequestSchema,
} from '../../schemas/ledger.ts';
import { findEntry } from '../../schemas/ledger-state.ts';
import { ledgerWorkflowId } from '../../schemas/names.ts';
import { runFailure } from '../shared/failure.ts';
import { openBook } from './book.ts';
import { ledgerDetails } from './details.ts';
import { approve, budgetApproved, commit, ledgerState, limits, refund, reserve } from './messages.ts';

// Local activities have slots of their own, so activities that wait for the ledger cannot keep
// it from answering.
const local = proxyLocalActivities<
  Pick<ControlActivities, 'readLedger' | 'hasMoreRecords' | 'appendLedger' | 'accountLedger' | 'wasObserved'>
>({
  startToCloseTimeout: '1 minute',
  retry: {
    initialInterval: '500 milliseconds',
    maximumInterval: '5 seconds',
    maximumAttempts: 5,
    nonRetryableErrorTypes: [...NON_RETRYABLE_ERROR_TYPES],
  },
});

/**
 * Serves the privacy ledger of one corpus for as long as the corpus is used. It answers updates and never
 * ends by itself. The records in the store are the ledger; this workflow puts changes in order and
 * enforces the limit.
 */
export async function ledger(input: LedgerInput): Promise<void> {
  const { ledger: id, sequence } = parsed(ledgerInputSchema, input);
  const workflowId = ledgerWorkflowId(id);
  if (workflowInfo().workflowId !== workflowId)
    throw invalid(
      `The ledger ${id} must have the workflow id ${workflowId}, so that there is only one of it.`,
    );
  const book = openBook({
    ledger: id,
    atLeast: sequence,
    ports: {
      read: local.readLedger,
      hasMore: local.hasMoreRecords,
      append: local.appendLedger,
      account: local.accountLedger,
      wasObserved: local.wasObserved,
      now: () => new Date().toISOString(),
      onChange: (view) => setCurrentDetails(ledgerDetails(view)),
    },
  });
  setHandler(ledgerState, book.view);
  setHandler(reserve, (request) => answer(() => book.reserve(request)), {
    validator: (request) => void parsed(reserveRequestSchema, request),
  });
  setHandler(commit, ({ id }) => answer(() => book.commit(id)), { validator: assertEntry });
  setHandler(refund, ({ id }) => answer(() => book.refund(id)), { validator: assertEntry });
  setHandler(limits, (values) => answer(() => book.setLimits(values)), {
    validator: (values) => void parsed(ledgerLimitsSchema, values),
  });
  setHandler(
    approve,
    ({ id }) =>
      answer(async () => {
        const outcome = await book.approve(id);
        await tell(findEntry(book.view(), id)?.run, id);
        return outcome;
      }),
    { validator: assertEntry },
  );
  // If the store does not answer now, the first update reads again.
  await book.load().catch((error) => log.warn('The ledger could not be read yet', { error }));
  await condition(() => workflowInfo().continueAsNewSuggested && allHandlersFinished());
  await continueAsNew<typeof ledger>({ ledger: id, sequence: book.known() });
}

/** A plain error in a handler would retry the workflow task for ever; this fails only the update. */
async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isCancellation(error) ? error : runFailure(error);
  }
}

/**
 * Notifies the run, which may have ended long ago. It also asks by itself, so a lost signal costs only time.
 */
async function tell(run: string | undefined, id: string): Promise<void> {
  if (run === undefined) return;
  await getExternalWorkflowHandle(run)
    .signal(budgetApproved, id)
    .catch((error) => log.info('The approved run could not be notified', { run, error }));
}

function assertEntry(request: unknown): void {
  parsed(entryRequestSchema, request);
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success)
    throw invalid(`The request to the ledger is not valid:\n${prettifyError(result.error)}`);
  return result.data;
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, ErrorType.InvalidConfig);
}
