import { z } from 'zod';
import { invalidConfig } from '../schemas/errors.ts';

/**
 * Parses a value with its schema. Throws InvalidConfig with the sentence `refusal` and, below it,
 * what is wrong.
 */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, refusal: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidConfig(`${refusal}:\n${z.prettifyError(result.error)}`);
  return result.data;
}
