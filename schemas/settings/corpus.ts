import { z } from 'zod';

export const labelSchema = z.string().min(1).max(200);

/** The rows of the corpus file that form its test set. */
export const markedRowsSchema = z.strictObject({
  field: z.string().min(1).describe('A field (column) of the corpus file'),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .describe('Rows with this value in the field are the test set'),
});
export type MarkedRows = z.infer<typeof markedRowsSchema>;

/** Where the private corpus is and how to read it. The label set is declared here, so it is public. */
export const corpusSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe(
      'A catalog dataset (wiki-topics, sms-spam, tweet-sentiment), or the path or s3:// URI of a .csv, .tsv or .jsonl file',
    ),
  textField: z.string().min(1).default('text'),
  labelField: z.string().min(1).default('label'),
  labels: z
    .array(labelSchema)
    .min(2)
    .describe('The label set, which is public. Records with other labels are left out'),
  testFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the records that is held out as the test set. Ignored if `test` is given'),
  test: z
    .union([z.string().min(1), markedRowsSchema])
    .optional()
    .describe(
      'The test set, if it is not a random part of the corpus: a separate source in the form of `source`, or marked rows',
    ),
  testSetIsPublic: z
    .boolean()
    .default(false)
    .describe(
      'True declares that every test record may be published. Scores on the test set may then appear in workflow history and in the release',
    ),
  part: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\/[1-9][0-9]*$/)
    .optional()
    .describe('Set by the workflow resynthesis: use only the records of this version, such as weekly/3'),
});

export type CorpusConfig = z.infer<typeof corpusSchema>;
