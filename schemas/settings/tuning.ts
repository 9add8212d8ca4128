import { z } from 'zod';

/** A search of classifier settings on synthetic texts, with two searches on real ones as its reference. */
export const tuningSettingsSchema = z.strictObject({
  space: z
    .record(z.string(), z.array(z.json()).min(1))
    .describe('Settings of the classifier by name, each with the values to try'),
  count: z
    .int()
    .min(2)
    .optional()
    .describe('So many settings of the grid, by the public seed; all of them without it'),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the synthetic texts of each label that the synthetic search scores on'),
});

export type TuningSettings = z.infer<typeof tuningSettingsSchema>;
