import { toFailure } from '../to-failure.ts';

/**
 * Wraps a local activity of the ledger's workflow: it is quick, sends no heartbeats, and throws typed errors.
 */
export function createLocalActivity<Input, Output>(
  run: (input: Input) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    try {
      return await run(input);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
