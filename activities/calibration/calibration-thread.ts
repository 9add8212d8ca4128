import { parentPort, workerData } from 'node:worker_threads';
import { DpsynthError } from '../../schemas/errors.ts';
import { CALIBRATIONS, type Calibrated, type CalibrationRequest } from './calibrations.ts';

// The thread runs one calibration, posts one result and ends.
function answer({ kind, params }: CalibrationRequest): Calibrated {
  try {
    return { value: CALIBRATIONS[kind](params as never) };
  } catch (error) {
    if (error instanceof DpsynthError) return { error: { type: error.type, message: error.message } };
    throw error;
  }
}

parentPort?.postMessage(answer(workerData as CalibrationRequest));
