import type { z } from 'zod';
import { withHeartbeats } from '../heartbeats.ts';
import { toFailure } from '../to-failure.ts';

/** An activity without a result of its own in the store: it may be asked again at any time and changes nothing then. */
export function createLedgerActivity<Input, Output>(params: {
  input: z.ZodType<Input>;
  run: (input: Input) => Promise<Output>;
}): (input: Input) => Promise<Output> {
  return async (given) => {
    try {
      const input = params.input.parse(given);
      return await withHeartbeats(() => params.run(input));
    } catch (error) {
      throw toFailure(error);
    }
  };
}
