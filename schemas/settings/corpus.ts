import { z } from 'zod';

export const labelSchema = z.string().min(1).max(200);

/** Rows of the corpus file that are its test set. */
export const markedRowsSchema = z.strictObject({
  field: z.string().min(1).describe('A field or column of the corpus file'),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .describe('Rows whose field has this value are the test set'),
});
export type MarkedRows = z.infer<typeof markedRowsSchema>;

/** Where the private corpus is and how it is read. The label set is declared here, hence public. */
export const corpusSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe(
      'A catalog dataset (wiki-topics, sms-spam, tweet-sentiment) or a .csv, .tsv or .jsonl path or ' +
        's3:// URI',
    ),
  textField: z.string().min(1).default('text'),
  labelField: z.string().min(1).default('label'),
  labels: z
    .array(labelSchema)
    .min(2)
    .describe('The label set. It is declared public; other labels are dropped'),
  testFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the records that is kept for the test set. Not used with `test`'),
  test: z
    .union([z.string().min(1), markedRowsSchema])
    .optional()
    .describe(
      'The test set, if it is not a random part: a source of its own, named and read as `source` is, ' +
        'or marked rows',
    ),
  testSetIsPublic: z
    .boolean()
    .default(false)
    .describe(
      'True declares that each test record may be published: it allows scores on the test set in ' +
        'workflow history and in the release area',
    ),
  part: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\/[1-9][0-9]*$/)
    .optional()
    .describe('Set by the workflow resynthesis: only the records of this version, such as weekly/3'),
});

export type CorpusConfig = z.infer<typeof corpusSchema>;
