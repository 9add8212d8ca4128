import { z } from 'zod';
import { ErrorType } from '../../schemas/errors.ts';
import { jobCostSchema, progressSchema } from '../../schemas/jobs.ts';

/** Messages from a compute child to its parent. The parent sends a single message: `{ job }`. */
export const childMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), progress: progressSchema }),
  z.strictObject({ type: z.literal('result'), result: z.unknown(), cost: jobCostSchema }),
  z.strictObject({
    type: z.literal('error'),
    error: z.strictObject({ type: z.enum(ErrorType), message: z.string() }),
  }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;
