import type { FieldSurvey } from '../../../engine/data/survey-fields.ts';

/** A field with more different values than this is not proposed as the label. */
export const MOST_LABELS = 100;
const LONGEST_LABEL = 200;

/** Texts have at least this many words on average, and at least this share of them is different. */
const FEWEST_WORDS = 2;
const LEAST_DISTINCT = 0.3;

/** A label must describe a group of records. */
const FEWEST_RECORDS_PER_LABEL = 3;
const LEAST_FILLED = 0.5;

/** Frequent names of label fields in some languages, and of fields that divide records by something else. */
const LABEL_NAME =
  /label|class|categor|catégor|kategor|topic|intent|sentiment|target|klasse|thema|rubrik|genre|tags?$|type|kind|^y$|stars|rating|emotion|étiquette|etikett|etiqueta/i;
const OTHER_NAME =
  /^(split|fold|set|subset|partition|lang|language|sprache|date|datum|year|jahr|month|monat|day|tag|time|version|source|quelle|user|author|autor|customer|kunde|name|country|land|index|nr|no|number|.*\bid|.*_id)$/i;

/**
 * Returns the fields that can be the text, best first: the longest free text with mostly different values.
 */
export function textCandidates(fields: readonly FieldSurvey[]): FieldSurvey[] {
  return fields
    .filter(
      ({ canBeText, words, distinctShare }) =>
        canBeText && words >= FEWEST_WORDS && distinctShare >= LEAST_DISTINCT,
    )
    .sort((a, b) => b.characters * b.distinctShare - a.characters * a.distinctShare);
}

/**
 * Returns the fields that can be the label beside `text`, best first: by name, then by how evenly their
 * values divide the records.
 */
export function labelCandidates(
  fields: readonly FieldSurvey[],
  params: { text: string; records: number },
): FieldSurvey[] {
  const { text, records } = params;
  return fields
    .filter((field) => field.name !== text && canDivide(field, records))
    .map((field) => ({ field, rank: rankOf(field), evenness: entropyOf(field) }))
    .sort((a, b) => b.rank - a.rank || b.evenness - a.evenness)
    .map(({ field }) => field);
}

function canDivide({ canBeLabel, values, filled }: FieldSurvey, records: number): boolean {
  if (!canBeLabel || values === null) return false;
  return (
    values.size >= 2 &&
    values.size <= MOST_LABELS &&
    filled >= values.size * FEWEST_RECORDS_PER_LABEL &&
    filled >= LEAST_FILLED * records &&
    [...values.keys()].every((label) => label.length <= LONGEST_LABEL)
  );
}

/** Longer values are sentences that several records share, such as a notice at their end, and not labels. */
const MOST_WORDS = 5;

function rankOf({ name, values, words }: FieldSurvey): number {
  const byName = OTHER_NAME.test(name) ? 0 : LABEL_NAME.test(name) ? 4 : 2;
  const areNumbers = [...(values?.keys() ?? [])].every((value) => Number.isFinite(Number(value)));
  return byName + (areNumbers ? 0 : 1) - (words > MOST_WORDS ? 3 : 0);
}

function entropyOf({ values, filled }: FieldSurvey): number {
  let entropy = 0;
  for (const count of values?.values() ?? []) entropy -= (count / filled) * Math.log(count / filled);
  return entropy;
}

/** Declaring a label that fewer records have would say something about single records. */
export const FEWEST_TO_DECLARE = 3;

/**
 * Returns the labels of a field, most frequent first: those proposed for declaring, and those too
 * rare for it.
 */
export function proposeLabels({ values }: FieldSurvey): { proposed: string[]; rare: string[] } {
  const byCount = [...(values ?? [])].sort((a, b) => b[1] - a[1]);
  // An object of the settings cannot have this key.
  const usable = byCount.filter(([label]) => label !== '__proto__' && label.length <= LONGEST_LABEL);
  const isRare = ([, records]: [string, number]) => records < FEWEST_TO_DECLARE;
  return {
    proposed: usable.filter((entry) => !isRare(entry)).map(([label]) => label),
    rare: usable.filter(isRare).map(([label]) => label),
  };
}

/** Whether the header line of a CSV file is a record: then its label occurs among the labels. */
export function isRecord(label: FieldSurvey): boolean {
  return label.values?.has(label.name.normalize('NFC').trim()) ?? false;
}
