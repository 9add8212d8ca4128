import type { z } from 'zod';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';

export const JSON_MEDIA_TYPE = 'application/json';

/** JSON as the store keeps it, with a newline at its end: on one line, or indented for people. Record chains digest this very text. */
export function jsonText(value: unknown, { indented = false }: { indented?: boolean } = {}): string {
  return `${JSON.stringify(value, null, indented ? 2 : 0)}\n`;
}

/**
 * What these bytes hold, as the schema gives it. `where` names the artifact.
 * @throws ArtifactCorrupt if they are no JSON or have another form. It names the artifact and nothing of what it holds
 */
export function parseJson<T>(params: { bytes: Uint8Array; schema: z.ZodType<T>; where: string }): T {
  const { bytes, schema, where } = params;
  const parsed = schema.safeParse(jsonOf(bytes, where));
  if (parsed.success) return parsed.data;
  throw corrupt(
    `${where} does not have the expected form. Another version of dpsynth may have written it: start a new run.`,
  );
}

/**
 * The same, or null if they have another form.
 * @throws ArtifactCorrupt if they are no JSON
 */
export function tryParseJson<T>(params: {
  bytes: Uint8Array;
  schema: z.ZodType<T>;
  where: string;
}): T | null {
  const { bytes, schema, where } = params;
  return schema.safeParse(jsonOf(bytes, where)).data ?? null;
}

function jsonOf(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The parser's own message would quote the text.
    throw corrupt(`${where} is not JSON. Bring it back from a backup, or start a new run.`);
  }
}

function corrupt(message: string): DpsynthError {
  return new DpsynthError({ type: ErrorType.ArtifactCorrupt, message });
}
