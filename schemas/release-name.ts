import { z } from 'zod';

/** Names what a DP stage has released, as ledgers know it. A result that comes from the step cache keeps the name that it was made under. */
export const releaseNameSchema = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);
