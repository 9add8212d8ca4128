import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import type { FieldSurvey } from '../../../engine/data/survey-fields.ts';
import { formatCount } from '../../../engine/report/format.ts';
import { oneLine } from '../terminal/one-line.ts';

const MOST_FIELDS = 30;

/**
 * Describes the fields of a file, one row per field. It shows private records, so only for the terminal
 * of their owner.
 */
export function fieldsTable(fields: readonly FieldSurvey[], colors: Colors): string {
  const table = new Table({
    head: ['Field', 'Filled', 'Different', 'Characters', 'Can be'].map((name) => colors.bold(name)),
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { compact: true, head: [], border: colors.dim('x') === 'x' ? [] : ['gray'] },
  });
  for (const field of fields.slice(0, MOST_FIELDS)) {
    const { name, filled, values, characters } = field;
    const different = values === null ? 'many' : formatCount(values.size);
    table.push([oneLine(name), formatCount(filled), different, Math.round(characters), use(field)]);
  }
  const more = fields.length - MOST_FIELDS;
  return `${table}${more > 0 ? `\nand ${more} more fields` : ''}`;
}

function use({ canBeText, canBeLabel, lackingLine }: FieldSurvey): string {
  if (canBeText && canBeLabel) return 'text or label';
  if (canBeLabel) return 'label';
  return lackingLine === null
    ? 'neither: its name is empty or repeated'
    : `neither: no value in line ${lackingLine}`;
}

/** Lists the labels to declare, numbered, with their numbers of records. */
export function labelList({ values }: FieldSurvey, labels: readonly string[]): string {
  const width = String(labels.length).length;
  return labels
    .map((label, i) => {
      const number = String(i + 1).padStart(width);
      return `  ${number}  ${oneLine(label)} (${formatCount(values?.get(label) ?? 0)} records)`;
    })
    .join('\n');
}
