import { heartbeat } from '@temporalio/activity';
import { type OnProgress, type Progress, progressSchema } from '../schemas/jobs.ts';

const BEAT_MS = 2_000;

/**
 * Heartbeats while `work` runs: at once, then on a timer with the last progress. The timer tells the server that this
 * worker lives; whether the work itself goes on is watched by whoever runs it.
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
