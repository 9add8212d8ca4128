import { ApplicationFailure, CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/**
 * Returns the error behind a failed run that a person should read: the innermost typed failure in the chain
 * of causes. Errors without a type of dpsynth are returned unchanged.
 */
export function toDpsynthError(error: unknown): unknown {
  if (error instanceof DpsynthError) return error;
  let found: DpsynthError | undefined;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && isErrorType(cause.type))
      found = new DpsynthError({ type: cause.type, message: cause.message, cause: error });
    if (cause instanceof CancelledFailure || cause instanceof TerminatedFailure)
      found ??= new DpsynthError({
        type: ErrorType.Interrupted,
        message: `The run was ${cause instanceof CancelledFailure ? 'cancelled' : 'terminated'}.`,
        cause: error,
      });
    if (cause instanceof TimeoutFailure)
      found ??= new DpsynthError({
        type: ErrorType.NoProgress,
        message: 'A step of the run timed out. The history of the run in the Temporal UI says which step.',
        cause: error,
      });
  }
  return found ?? error;
}

function isErrorType(type: string | undefined | null): type is ErrorType {
  return type !== undefined && type !== null && type in ErrorType;
}
