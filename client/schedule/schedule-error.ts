import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { invalidConfig } from '../../schemas/errors.ts';

/** What Temporal says of a schedule, as InvalidConfig where a person can mend it. */
export function scheduleError(id: string, error: unknown): unknown {
  if (error instanceof ScheduleNotFoundError) return invalidConfig(`There is no schedule ${id}.`);
  if (error instanceof ScheduleAlreadyRunning)
    return invalidConfig(
      `There is a schedule ${id}. Choose another id, or delete that one first: its versions stay, and the new one goes on with them.`,
    );
  // The SDK's word for times that the server does not take.
  return error instanceof TypeError
    ? invalidConfig(`The times of the schedule ${id} are not valid: ${error.message}.`)
    : error;
}
