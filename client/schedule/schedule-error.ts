import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { invalidConfig } from '../../schemas/errors.ts';

/** Turns Temporal's error about a schedule into InvalidConfig if a person can correct it. */
export function scheduleError(id: string, error: unknown): unknown {
  if (error instanceof ScheduleNotFoundError) return invalidConfig(`There is no schedule ${id}.`);
  if (error instanceof ScheduleAlreadyRunning)
    return invalidConfig(
      `The schedule ${id} already exists. Choose another id, or delete that schedule first: its versions stay, and the new schedule continues them.`,
    );
  // The SDK throws this for times that the server does not accept.
  return error instanceof TypeError
    ? invalidConfig(`The times of the schedule ${id} are not valid: ${error.message}.`)
    : error;
}
