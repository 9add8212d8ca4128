import { defineUpdate } from '@temporalio/workflow';
import { SweepUpdate } from '../schemas/names.ts';

/** Ends one variant, by its name: one that waits never begins, one that runs is cancelled. It does not count as failed. */
export const stopTrial = defineUpdate<void, [string]>(SweepUpdate.stopTrial);

/** No further variant begins. Those under way go on. */
export const pause = defineUpdate<void>(SweepUpdate.pause);
export const resume = defineUpdate<void>(SweepUpdate.resume);
