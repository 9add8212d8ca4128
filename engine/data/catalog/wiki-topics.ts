import { z } from 'zod';
import { invalidData } from '../../../schemas/errors.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { decodeUtf8 } from '../decode-utf8.ts';

const summaries = z.record(z.string(), z.object({ extract: z.string(), topic: z.string() }));

/**
 * Reads the catalog dataset `wiki-topics`: one JSON object with articles by title. The text is the first
 * paragraphs, the label is the topic, which may be "Uncategorized". Throws InvalidData if the file has
 * another format.
 */
export function readWikiTopics(bytes: Uint8Array): LabelledText[] {
  const name = 'wiki-topics';
  const text = decodeUtf8({ bytes, name });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidData(`${name}: the file is not valid JSON. Fetch it again: dpsynth assets fetch ${name}`);
  }
  const parsed = summaries.safeParse(value);
  if (!parsed.success)
    throw invalidData(`${name}: articles need the string fields extract and topic. Fetch it again.`);
  return Object.values(parsed.data).map(({ extract, topic }) => ({ text: extract, label: topic }));
}
