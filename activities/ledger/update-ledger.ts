import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  type Client,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { LedgerInput } from '../../schemas/ledger.ts';
import { type LedgerUpdate, ledgerWorkflowId, TaskQueue, WorkflowType } from '../../schemas/names.ts';

/**
 * The server's error type for an update that arrived just as the workflow run ended. Nothing was done, and
 * the next run accepts the update.
 */
const NOT_TAKEN = 'UnprocessedUpdate';
const TRIES = 10;

/**
 * Sends an update to the ledger, which is started if it is not running. The caller may retry after an error:
 * a repeated update returns the earlier answer. Throws the ledger's own error as a DpsynthError.
 */
export async function updateLedger<Answer>(params: {
  client: Client;
  ledger: string;
  update: (typeof LedgerUpdate)[keyof typeof LedgerUpdate];
  request: object;
}): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await send<Answer>(params);
    } catch (error) {
      const failure = failureOf(error);
      if (failure?.type === NOT_TAKEN && tries < TRIES) await sleep(50 * tries);
      else throw failure === undefined ? error : typed(failure);
    }
  }
}

function send<Answer>({
  client,
  ledger,
  update,
  request,
}: Parameters<typeof updateLedger>[0]): Promise<Answer> {
  const start = new WithStartWorkflowOperation<(input: LedgerInput) => Promise<void>>(WorkflowType.ledger, {
    workflowId: ledgerWorkflowId(ledger),
    taskQueue: TaskQueue.control,
    args: [{ ledger }],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Privacy ledger of ${ledger}`,
  });
  return client.workflow.executeUpdateWithStart<(input: LedgerInput) => Promise<void>, Answer, [object]>(
    update,
    {
      args: [request],
      startWorkflowOperation: start,
    },
  );
}

function failureOf(error: unknown): ApplicationFailure | undefined {
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure
    ? error.cause
    : undefined;
}

function typed({ type, message }: ApplicationFailure): DpsynthError {
  const isOurs = typeof type === 'string' && Object.hasOwn(ErrorType, type);
  return new DpsynthError({ type: isOurs ? (type as ErrorType) : ErrorType.Unexpected, message });
}
