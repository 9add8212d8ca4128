import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { Duration } from '@temporalio/common';
import { z } from 'zod';
import { DpsynthError, ErrorType, NON_RETRYABLE_ERROR_TYPES } from '../schemas/errors.ts';
import { describeUnexpected } from './describe-unexpected.ts';

/**
 * An unavailable store returns after a restart or a failover. Five attempts wait over two minutes in all:
 * each delay is twice the one before, up to 80 s.
 */
const STORE_AWAY_SECONDS = 10;

/**
 * Returns the error as Temporal stores it: typed, retried only if another attempt can help, and free
 * of private text.
 */
export function toFailure(error: unknown): ApplicationFailure | CancelledFailure {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const { cancellationSignal, cancellationDetails } = Context.current();
  if (
    cancellationSignal.aborted &&
    !(error instanceof DpsynthError && error.type !== ErrorType.Interrupted)
  ) {
    // Reported as a cancellation, a shutdown would end the run. As a failure it is retried on
    // the next worker.
    if (cancellationDetails?.workerShutdown)
      return ApplicationFailure.create({
        type: ErrorType.Interrupted,
        message: 'The worker was shut down. The next attempt resumes from the last checkpoint.',
        nextRetryDelay: '1 second',
      });
    return new CancelledFailure('Cancelled.');
  }
  if (error instanceof DpsynthError) return failure(error.type, error.message, retryDelay(error.type));
  if (error instanceof z.ZodError)
    return failure(
      ErrorType.InvalidConfig,
      `The activity's input or output is not valid:\n${z.prettifyError(error)}`,
    );
  return failure(ErrorType.Unexpected, `${describeUnexpected(error)}.`);
}

function failure(type: ErrorType, message: string, nextRetryDelay?: Duration): ApplicationFailure {
  const nonRetryable = NON_RETRYABLE_ERROR_TYPES.includes(type);
  return ApplicationFailure.create({ type, message, nonRetryable, nextRetryDelay });
}

/**
 * undefined leaves the delay to the retry policy of the activity. A local activity holds up its workflow, so
 * its callers retry instead.
 */
function retryDelay(type: ErrorType): Duration | undefined {
  const { attempt, isLocal } = Context.current().info;
  if (type !== ErrorType.StorageUnavailable || isLocal) return undefined;
  return `${STORE_AWAY_SECONDS * 2 ** Math.min(attempt - 1, 3)} seconds`;
}
