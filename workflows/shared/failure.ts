import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/** The typed error under the failure of an activity or a child, or undefined where there is none (a timeout, a cancellation). */
export function causeOf(error: unknown): ApplicationFailure | undefined {
  const cause =
    error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}

/** One line of why an activity or a child failed, fit for the report. Messages of typed errors hold no private text. */
export function whyOf(error: unknown): string {
  const cause = causeOf(error);
  if (cause !== undefined) return `${cause.type}: ${cause.message}`;
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
    return `the activity timed out (${error.cause.timeoutType})`;
  if (error instanceof ChildWorkflowFailure && error.cause !== undefined)
    return `the run was ended from outside (${error.cause.message})`;
  return error instanceof Error ? error.message : 'unknown';
}

/**
 * What the run fails with. A plain error in a workflow would retry its task for ever; this ends the run, and keeps the
 * type and the words of the error that caused it on top, where people look first.
 */
export function runFailure(error: unknown): ApplicationFailure {
  if (error instanceof DpsynthError) return ApplicationFailure.nonRetryable(error.message, error.type);
  const type =
    causeOf(error)?.type ?? (error instanceof ActivityFailure ? ErrorType.NoProgress : ErrorType.Unexpected);
  return ApplicationFailure.create({
    type,
    message: causeOf(error)?.message ?? whyOf(error),
    nonRetryable: true,
    cause: error instanceof Error ? error : undefined,
  });
}
