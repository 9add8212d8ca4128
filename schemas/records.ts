import { z } from 'zod';

/** One labelled text: the privacy unit of a corpus, and one row of a synthetic corpus. */
export const labelledTextSchema = z.object({ text: z.string(), label: z.string() });
export type LabelledText = z.infer<typeof labelledTextSchema>;
