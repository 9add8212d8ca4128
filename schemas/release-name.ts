import { z } from 'zod';

/**
 * The name of a release of a DP stage, as used in ledgers. A result that comes from the step cache keeps the
 * name that it was made under.
 */
export const releaseNameSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
