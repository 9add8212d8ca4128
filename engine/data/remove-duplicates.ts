import type { LabelledText } from '../../schemas/records.ts';
import { duplicateKey } from './normalise-text.ts';

/** Keeps the first record of each text, whatever its label. Before a split, or the test set leaks into training. */
export function removeDuplicates(records: LabelledText[]): LabelledText[] {
  const seen = new Set<string>();
  return records.filter(({ text }) => {
    const key = duplicateKey(text);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
