import { z } from 'zod';

/** One labelled text: the privacy unit of a corpus, and one row of a synthetic corpus. */
export const labelledTextSchema = z.object({
  text: z.string(),
  label: z.string(),
  label_probabilities: z
    .array(z.number().min(0).max(1))
    .optional()
    .describe(
      'Of each declared label, in their order: what the DP teacher of a selection gives a synthetic text',
    ),
  weight: z
    .number()
    .positive()
    .optional()
    .describe(
      'What the loss of the record is multiplied by: above 1 if its label has fewer records than wanted',
    ),
});
export type LabelledText = z.infer<typeof labelledTextSchema>;
