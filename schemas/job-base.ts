import { z } from 'zod';

/** What every compute job needs: the store to read from and write to, and the run whose folder it fills. */
export const jobBase = { store: z.string().describe('URI of the artifact store'), run: z.string() };

/** On every result: where it comes from, if an earlier run made it. */
export const origin = {
  cachedFrom: z.string().optional().describe('The run that made this, if it was not made anew'),
};
