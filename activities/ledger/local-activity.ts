import { toFailure } from '../to-failure.ts';

/** An activity that the ledger runs beside its workflow: quick, without heartbeats, its errors typed. */
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
