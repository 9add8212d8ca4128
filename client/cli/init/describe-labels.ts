import { oneLine } from '../terminal/one-line.ts';
import type { Ask } from './ask.ts';
import { plainDescription } from './draft-config.ts';

/** With more labels than this, the user is first asked whether to describe them. */
const MANY_LABELS = 12;

/**
 * Returns a description for each label: what the user types, or one that only repeats the label. `ask` is
 * null if nobody can answer.
 */
export async function describeLabels(
  labels: readonly string[],
  ask: Ask | null,
): Promise<Map<string, string>> {
  const plain = new Map(labels.map((label) => [label, plainDescription(label)]));
  if (ask === null) return plain;
  if (labels.length > MANY_LABELS) {
    const answer = await ask(`Describe each of the ${labels.length} labels now? (yes or no)`, 'no');
    if (!/^y/i.test(answer)) return plain;
  }
  const described = new Map<string, string>();
  for (const [label, proposal] of plain)
    described.set(label, await ask(`Description of ${oneLine(label)}, to complete "Write ..."`, proposal));
  return described;
}
