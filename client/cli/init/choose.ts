import type { FieldSurvey } from '../../../engine/data/survey-fields.ts';
import { invalidConfig, invalidData } from '../../../schemas/errors.ts';
import { normaliseLabel } from '../../../schemas/normalise-label.ts';
import { oneLine } from '../terminal/one-line.ts';
import { type Ask, askOneOf } from './ask.ts';
import { isRecord, labelCandidates, MOST_LABELS, proposeLabels, textCandidates } from './choose-fields.ts';
import { labelList } from './fields-text.ts';

export type FileFields = { source: string; records: number; fields: readonly FieldSurvey[] };
export type Wishes = { text?: string; label?: string; labels?: string[] };

/** `ask` is null if nobody can answer; then the best candidates are chosen. */
export type Talk = { ask: Ask | null; say: (text: string) => void };

/**
 * Returns the name of the text field: the requested one, or the best candidate. Throws InvalidConfig if no
 * field has the requested name, InvalidData if no field can be the text. Messages name only requested fields.
 */
export async function chooseText(file: FileFields, wishes: Wishes, { ask }: Talk): Promise<string> {
  if (wishes.text !== undefined) return assertField(file, wishes.text, '--text');
  const candidates = textCandidates(file.fields).map(({ name }) => name);
  if (candidates.length === 0)
    throw invalidData(
      `${file.source}: no field can be the text. A text field has a string of several words in every record, and most of ` +
        'them are different. Name it with --text.',
    );
  return ask === null ? candidates[0] : askOneOf(ask, { question: 'Text field', of: candidates });
}

/** Returns the name of the label field, chosen in the same way among the other fields. */
export async function chooseLabel(
  file: FileFields,
  wishes: Wishes & { text: string },
  { ask }: Talk,
): Promise<string> {
  const { source, fields, records } = file;
  const { text, label } = wishes;
  if (label === text)
    throw invalidConfig('--text and --label name the same field. Name two different fields.');
  if (label !== undefined) return assertField(file, label, '--label');
  const candidates = labelCandidates(fields, { text, records }).map(({ name }) => name);
  if (candidates.length === 0)
    throw invalidData(
      `${source}: no field can be the label. A label field has a value in every record, 2 to ${MOST_LABELS} different values ` +
        'and on average at least 3 records per value. Name it with --label.',
    );
  return ask === null ? candidates[0] : askOneOf(ask, { question: 'Label field', of: candidates });
}

/**
 * Returns the labels to declare: the requested ones, or those that occur often enough without those that the
 * user leaves out. Throws InvalidConfig if fewer than two are requested, InvalidData if the field has fewer
 * than two or too many.
 */
export async function chooseLabels(
  file: FileFields,
  wishes: Wishes & { label: string },
  { ask, say }: Talk,
): Promise<{ labels: string[]; leftOut: string[] }> {
  const { source, fields } = file;
  if (wishes.labels !== undefined) return { labels: declared(wishes.labels), leftOut: [] };
  const field = fields.find(({ name }) => name === wishes.label);
  if (field === undefined || (/\.(csv|tsv)$/i.test(source) && isRecord(field)))
    throw invalidData(
      `${source}: the first line looks like a record. Add a header line with column names, such as text,label.`,
    );
  const { proposed, rare } = proposeLabels(field);
  const frequent = proposed.length < 2 ? (field.values?.size ?? 0) : proposed.length;
  if (field.values === null || frequent > MOST_LABELS)
    throw invalidData(
      `${source}: the label field has more than ${MOST_LABELS} different values. Name another field with --label, or declare labels with --labels.`,
    );
  if (proposed.length < 2)
    throw invalidData(
      `${source}: the label field has fewer than two labels with at least 3 records each. Name another field with --label.`,
    );
  if (ask === null) return { labels: proposed, leftOut: rare };
  say(labelList(field, proposed));
  const labels = await askForLabels(ask, proposed);
  return { labels, leftOut: [...rare, ...proposed.filter((label) => !labels.includes(label))] };
}

async function askForLabels(ask: Ask, proposed: readonly string[]): Promise<string[]> {
  for (;;) {
    const answer = await ask(
      'These labels will be declared public. Numbers of labels to leave out, such as 2,5',
      'none',
    );
    const numbers = answer === 'none' ? [] : answer.split(/[\s,;]+/).map(Number);
    const labels = proposed.filter((_, i) => !numbers.includes(i + 1));
    const known = numbers.every(
      (number) => Number.isInteger(number) && number >= 1 && number <= proposed.length,
    );
    if (known && labels.length >= 2) return labels;
  }
}

function declared(wished: readonly string[]): string[] {
  const labels = [...new Set(wished.map(normaliseLabel))].filter((label) => label !== '');
  if (labels.length < 2) throw invalidConfig('--labels needs at least two different labels.');
  return labels;
}

function assertField({ source, fields }: FileFields, name: string, option: string): string {
  if (fields.some((field) => field.name === name)) return name;
  throw invalidConfig(`${option}: ${source} has no field ${oneLine(name)}. Check the spelling and the case.`);
}
