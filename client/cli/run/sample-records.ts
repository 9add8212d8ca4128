import type { Colors } from 'picocolors/types.js';
import type { LabelledText } from '../../../schemas/records.ts';

/**
 * Picks `count` records that cover as many labels as possible: the first of each label, then the
 * second of each.
 */
export function pickRecords(params: {
  records: LabelledText[];
  labels: string[];
  count: number;
}): LabelledText[] {
  const { records, labels, count } = params;
  const byLabel = labels.map((label) => records.filter((record) => record.label === label));
  const picked: LabelledText[] = [];
  const deepest = Math.max(0, ...byLabel.map((group) => group.length));
  for (let round = 0; round < deepest && picked.length < count; round++) {
    const layer = byLabel.flatMap((group) => group.slice(round, round + 1));
    picked.push(...layer.slice(0, count - picked.length));
  }
  return picked;
}

/** Formats records as label and text, with the text in at most two lines of the given width. */
export function recordLines(params: { records: LabelledText[]; columns: number; colors: Colors }): string[] {
  const { records, columns, colors } = params;
  const labelWidth = Math.min(28, Math.max(...records.map(({ label }) => label.length)));
  const room = Math.max(20, columns - labelWidth - 4);
  return records.flatMap(({ label, text }) => {
    const lines = wrap(printable(text), room, 2);
    return lines.map((line, i) => {
      const head = (i === 0 ? printable(label) : '').slice(0, labelWidth).padEnd(labelWidth);
      return `  ${colors.cyan(head)}  ${line}`;
    });
  });
}

/** A model may write any character, so control characters are removed before they reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function wrap(text: string, width: number, maxLines: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines
    .slice(0, maxLines)
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
  if (lines.length > maxLines) shown[maxLines - 1] = `${shown[maxLines - 1].slice(0, width - 2)} …`;
  return shown;
}
