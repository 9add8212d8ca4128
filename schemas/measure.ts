import { z } from 'zod';

/** A number, or the reason why there is none. Tables show the reason and never NaN. */
export const measureSchema = z.union([
  z.strictObject({ value: z.number() }),
  z.strictObject({ value: z.null(), because: z.string() }),
]);

export type Measure = z.infer<typeof measureSchema>;
