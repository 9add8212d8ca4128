import type { z } from 'zod';
import type { OnProgress } from '../schemas/jobs.ts';
import { withHeartbeats } from './heartbeats.ts';
import { toFailure } from './to-failure.ts';

/**
 * Wraps an activity that keeps no result of its own in the store. It may be called again at any time: a
 * repeated call changes nothing.
 */
export function createRepeatable<Input, Output>(params: {
  input: z.ZodType<Input>;
  run: (input: Input, onProgress: OnProgress) => Promise<Output>;
}): (input: Input) => Promise<Output> {
  return async (given) => {
    try {
      const input = params.input.parse(given);
      return await withHeartbeats((onProgress) => params.run(input, onProgress));
    } catch (error) {
      throw toFailure(error);
    }
  };
}
