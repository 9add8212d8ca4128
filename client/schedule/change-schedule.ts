import type { Client, ScheduleHandle } from '@temporalio/client';
import { scheduleError } from './schedule-error.ts';

type Named = { client: Client; id: string };

/**
 * Starts a tick now, unless one is running. Like all functions here, throws InvalidConfig if there is
 * no such schedule.
 */
export const triggerSchedule = (params: Named) => change(params, (handle) => handle.trigger());

/** Starts no more ticks until the schedule is unpaused. A running tick continues. */
export const pauseSchedule = (params: Named) => change(params, (handle) => handle.pause());

export const unpauseSchedule = (params: Named) => change(params, (handle) => handle.unpause());

/** Deletes the schedule. Its versions stay, and their records stay marked as used. */
export const deleteSchedule = (params: Named) => change(params, (handle) => handle.delete());

async function change({ client, id }: Named, how: (handle: ScheduleHandle) => Promise<void>): Promise<void> {
  try {
    await how(client.schedule.getHandle(id));
  } catch (error) {
    throw scheduleError(id, error);
  }
}
