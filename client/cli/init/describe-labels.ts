import { oneLine } from '../terminal/one-line.ts';
import type { Ask } from './ask.ts';
import { plainDescription } from './draft-config.ts';

/** With more labels than this, nobody is asked for each description without a word before. */
const MANY_LABELS = 12;

/** A description for each label: what the user types, or one that says no more than the label. `ask` is null if nobody is there. */
export async function describeLabels(
  labels: readonly string[],
  ask: Ask | null,
): Promise<Map<string, string>> {
  const plain = new Map(labels.map((label) => [label, plainDescription(label)]));
  if (ask === null) return plain;
  if (labels.length > MANY_LABELS) {
    const answer = await ask(`Describe each of the ${labels.length} labels now? yes or no`, 'no');
    if (!/^y/i.test(answer)) return plain;
  }
  const described = new Map<string, string>();
  for (const [label, proposal] of plain)
    described.set(label, await ask(`Write ... (${oneLine(label)})`, proposal));
  return described;
}
