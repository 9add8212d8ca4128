import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';

/**
 * Returns the typed error behind the failure of an activity or a child, or undefined (a
 * timeout, a cancellation).
 */
export function causeOf(error: unknown): ApplicationFailure | undefined {
  const cause =
    error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}

/**
 * Explains in one line why an activity or a child failed, for the report. Messages of typed errors contain
 * no private text.
 */
export function whyOf(error: unknown): string {
  const cause = causeOf(error);
  if (cause !== undefined) return `${cause.type}: ${cause.message}`;
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)
    return `the activity timed out (${error.cause.timeoutType})`;
  if (error instanceof ChildWorkflowFailure && error.cause !== undefined)
    return `the run was stopped from outside (${error.cause.message})`;
  return error instanceof Error ? error.message : 'unknown';
}

/**
 * Returns the failure of the run. A plain error in a workflow would retry its task for ever; this one ends
 * the run, and shows the type and message of its cause at the top, where people look first.
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
