import { z } from 'zod';
import { labelSchema } from './corpus.ts';

/**
 * The prefix of a text: `[task][label]:` as in the paper, or an instruction for a chat model. Its tokens
 * carry no loss.
 */
export const templateSchema = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('prefix'), task: z.string().min(1) }),
  z.strictObject({
    form: z.literal('chat'),
    instruction: z.string().includes('{description}').default('Write {description}.'),
    descriptions: z.record(labelSchema, z.string().min(1)),
    system: z.string().optional(),
  }),
]);

export type TemplateConfig = z.infer<typeof templateSchema>;
