import { z } from 'zod';

/** A number, or why there is none: a table shows the reason and never NaN. */
export const measureSchema = z.union([
  z.strictObject({ value: z.number() }),
  z.strictObject({ value: z.null(), because: z.string() }),
]);

export type Measure = z.infer<typeof measureSchema>;
