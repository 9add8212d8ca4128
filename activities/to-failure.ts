import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { z } from 'zod';
import { DpsynthError, ErrorType, NON_RETRYABLE_ERROR_TYPES } from '../schemas/errors.ts';
import { describeUnexpected } from './describe-unexpected.ts';

/** The error as Temporal keeps it: typed, retried only where a second attempt can help, and free of private text. */
export function toFailure(error: unknown): ApplicationFailure | CancelledFailure {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const { cancellationSignal, cancellationDetails } = Context.current();
  if (
    cancellationSignal.aborted &&
    !(error instanceof DpsynthError && error.type !== ErrorType.Interrupted)
  ) {
    // Reported as a cancellation, a shutdown would end the run. As a failure it is retried on the next worker.
    if (cancellationDetails?.workerShutdown)
      return ApplicationFailure.create({
        type: ErrorType.Interrupted,
        message: 'The worker was shut down. The next attempt goes on from the last checkpoint.',
        nextRetryDelay: '1 second',
      });
    return new CancelledFailure('Cancelled.');
  }
  if (error instanceof DpsynthError) return failure(error.type, error.message);
  if (error instanceof z.ZodError)
    return failure(
      ErrorType.InvalidConfig,
      `The activity's input or output is not valid:\n${z.prettifyError(error)}`,
    );
  return failure(ErrorType.Unexpected, `${describeUnexpected(error)}.`);
}

function failure(type: ErrorType, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: NON_RETRYABLE_ERROR_TYPES.includes(type) });
}
