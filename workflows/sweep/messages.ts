import { defineQuery, defineUpdate } from '@temporalio/workflow';
import { SWEEP_STATE_QUERY, SweepUpdate } from '../../schemas/names.ts';
import type { SweepState } from '../../schemas/sweep/sweep-state.ts';

/** The state of the sweep, with each variant and its result. */
export const sweepState = defineQuery<SweepState>(SWEEP_STATE_QUERY);

/**
 * Stops the variant with this name: cancels it if it is running, skips it if it is waiting. It does not
 * count as failed.
 */
export const stopTrial = defineUpdate<void, [string]>(SweepUpdate.stopTrial);

/** Starts no further variant. Running variants continue. */
export const pause = defineUpdate<void>(SweepUpdate.pause);
export const resume = defineUpdate<void>(SweepUpdate.resume);
