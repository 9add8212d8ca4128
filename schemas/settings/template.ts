import { z } from 'zod';
import { labelSchema } from './corpus.ts';

/** The instruction of a prompt that names no attribute. */
export const PLAIN_INSTRUCTION = 'Write {description}.';
/** `plainShare` if a template has attributes and does not give it. */
export const PLAIN_SHARE = 0.1;

/**
 * The prefix of a text: `[task][label]:` as in the paper, or an instruction for a chat model. Its tokens
 * carry no loss.
 */
export const templateSchema = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('prefix'),
    task: z.string().min(1),
    attributes: z
      .never({ error: 'attributes vary an instruction, so they need template.form "chat"' })
      .optional(),
  }),
  z.strictObject({
    form: z.literal('chat'),
    instruction: z
      .string()
      .regex(/\{(?:description|attribute)\}/, 'must contain {description}, or {attribute} with attributes')
      .default(PLAIN_INSTRUCTION),
    descriptions: z.record(labelSchema, z.string().min(1)),
    system: z.string().optional(),
    attributes: z
      .record(labelSchema, z.array(z.string().min(1)).min(1), {
        error: 'must give a list of strings for each label. The command line also takes a .json file',
      })
      .optional()
      .describe(
        'Public lists by label: sampling puts them into {attribute} of the instruction in turn. Never written by reading private records',
      ),
    plainInstruction: z
      .string()
      .includes('{description}')
      .optional()
      .describe('Without attributes: for training, and for plainShare. "Write {description}." if absent'),
    plainShare: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Share of the sampled texts of a label without an attribute. 0.1 if absent'),
  }),
]);

export type TemplateConfig = z.infer<typeof templateSchema>;
