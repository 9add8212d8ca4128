import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DpsynthError } from '../../schemas/errors.ts';
import type { Calibrated, CalibrationKind, CalibrationParams, CalibrationResult } from './calibrations.ts';

/**
 * Calibrates in a separate thread, so that the worker keeps sending heartbeats and answering. The plan is
 * returned as plain data: the caller must prove it before running it. Throws what the calibration throws.
 */
export async function calibrateOffThread<K extends CalibrationKind>(
  kind: K,
  params: CalibrationParams<K>,
): Promise<CalibrationResult<K>> {
  const thread = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: { kind, params },
    execArgv: [],
  });
  try {
    const [answer] = (await once(thread, 'message')) as [Calibrated];
    if ('error' in answer) throw new DpsynthError(answer.error);
    return answer.value as CalibrationResult<K>;
  } finally {
    await thread.terminate();
  }
}
