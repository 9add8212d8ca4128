import type { Client, ScheduleHandle } from '@temporalio/client';
import { scheduleError } from './schedule-error.ts';

type Named = { client: Client; id: string };

/** Starts a tick now, unless one is under way. Throws InvalidConfig where there is no such schedule, as all of these do. */
export const triggerSchedule = (params: Named) => change(params, (handle) => handle.trigger());

/** No tick starts by itself until it is unpaused. A tick that is under way goes on. */
export const pauseSchedule = (params: Named) => change(params, (handle) => handle.pause());

export const unpauseSchedule = (params: Named) => change(params, (handle) => handle.unpause());

/** Ends the schedule. Its versions stay, and what marks their records as used. */
export const deleteSchedule = (params: Named) => change(params, (handle) => handle.delete());

async function change({ client, id }: Named, how: (handle: ScheduleHandle) => Promise<void>): Promise<void> {
  try {
    await how(client.schedule.getHandle(id));
  } catch (error) {
    throw scheduleError(id, error);
  }
}
