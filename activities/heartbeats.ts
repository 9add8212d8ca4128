import { heartbeat } from '@temporalio/activity';
import { type OnProgress, type Progress, progressSchema } from '../schemas/jobs.ts';

const BEAT_MS = 2_000;

/**
 * Sends heartbeats while `work` runs: one immediately, then on a timer with the latest progress. The timer
 * tells the server that this worker is alive. Whoever runs the work watches whether it makes progress.
 */
export async function withHeartbeats<T>(work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  let last: Progress = { phase: 'entered', step: 0, of: 0 };
  heartbeat(last);
  const timer = setInterval(() => heartbeat(last), BEAT_MS);
  try {
    return await work((progress) => {
      last = progressSchema.parse(progress);
    });
  } finally {
    clearInterval(timer);
  }
}
