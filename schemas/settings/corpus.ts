import { z } from 'zod';

export const labelSchema = z.string().min(1).max(200);

/** Where the private corpus is and how it is read. The label set is declared here, hence public. */
export const corpusSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe(
      'A catalog dataset (wiki-topics, sms-spam, tweet-sentiment) or a .csv, .tsv or .jsonl path or s3:// URI',
    ),
  textField: z.string().min(1).default('text'),
  labelField: z.string().min(1).default('label'),
  labels: z
    .array(labelSchema)
    .min(2)
    .describe('The label set. It is declared public; other labels are dropped'),
  testFraction: z.number().gt(0).lt(1).default(0.2),
  testSetIsPublic: z
    .boolean()
    .default(false)
    .describe('True allows scores on the real test set in workflow history and in the release area'),
  part: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\/[1-9][0-9]*$/)
    .optional()
    .describe('Set by the workflow resynthesis: only the records of this version, such as weekly/3'),
});

export type CorpusConfig = z.infer<typeof corpusSchema>;
