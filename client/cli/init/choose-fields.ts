import type { FieldSurvey } from '../../../engine/data/survey-fields.ts';

/** More different values than this are not proposed as labels. */
export const MOST_LABELS = 100;
const LONGEST_LABEL = 200;

/** A text has at least so many words, and so large a share of all texts is different. */
const FEWEST_WORDS = 2;
const LEAST_DISTINCT = 0.3;

/** A label stands for a group of records. */
const FEWEST_RECORDS_PER_LABEL = 3;
const LEAST_FILLED = 0.5;

/** What label fields are often called, in some languages, and what fields are called that divide records by something else. */
const LABEL_NAME =
  /label|class|categor|catégor|kategor|topic|intent|sentiment|target|klasse|thema|rubrik|genre|tags?$|type|kind|^y$|stars|rating|emotion|étiquette|etikett|etiqueta/i;
const OTHER_NAME =
  /^(split|fold|set|subset|partition|lang|language|sprache|date|datum|year|jahr|month|monat|day|tag|time|version|source|quelle|user|author|autor|customer|kunde|name|country|land|index|nr|no|number|.*\bid|.*_id)$/i;

/** The fields that can be the text, the best first: the longest free text of which most values are different. */
export function textCandidates(fields: readonly FieldSurvey[]): FieldSurvey[] {
  return fields
    .filter(
      ({ canBeText, words, distinctShare }) =>
        canBeText && words >= FEWEST_WORDS && distinctShare >= LEAST_DISTINCT,
    )
    .sort((a, b) => b.characters * b.distinctShare - a.characters * a.distinctShare);
}

/** The fields that can be the label beside `text`, the best first: by their names, then by how evenly their values divide the records. */
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

/** Sentences that some records share, such as a notice at their end, are no labels. */
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

/** Declaring a label of fewer records would say something about single ones. */
export const FEWEST_TO_DECLARE = 3;

/** Labels of a field, the most frequent first: those that are proposed for declaring, and those that are not. */
export function proposeLabels({ values }: FieldSurvey): { proposed: string[]; rare: string[] } {
  const byCount = [...(values ?? [])].sort((a, b) => b[1] - a[1]);
  // No object of the settings can have this key.
  const usable = byCount.filter(([label]) => label !== '__proto__' && label.length <= LONGEST_LABEL);
  const isRare = ([, records]: [string, number]) => records < FEWEST_TO_DECLARE;
  return {
    proposed: usable.filter((entry) => !isRare(entry)).map(([label]) => label),
    rare: usable.filter(isRare).map(([label]) => label),
  };
}

/** A CSV file without a header line has its first record there: its label occurs among the labels. */
export function isRecord(label: FieldSurvey): boolean {
  return label.values?.has(label.name.normalize('NFC').trim()) ?? false;
}
