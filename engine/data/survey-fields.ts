import { extname } from 'node:path';
import { invalidData } from '../../schemas/errors.ts';
import { normaliseLabel } from '../../schemas/normalise-label.ts';
import { readCsvTable } from './read-csv.ts';
import { jsonLines } from './read-jsonl.ts';

/**
 * The contents of one field of a corpus, made from private records, so only the owner's terminal may show it.
 */
export type FieldSurvey = {
  name: string;
  /** Number of records with a value that is not empty. */
  filled: number;
  /** Whether the field can be the text: every record has a string here, and the name occurs once. */
  canBeText: boolean;
  /** Whether the field can be the label: a string, an exact JSON number or a boolean. */
  canBeLabel: boolean;
  /** The first line whose record has no valid value in the field; null if there is none. */
  lackingLine: number | null;
  /** Mean numbers of characters and words of the values that are not empty. */
  characters: number;
  words: number;
  /** Share of the values that differ from all earlier ones. */
  distinctShare: number;
  /** Number of records per normalised label; null if there are more than MOST_VALUES labels. */
  values: ReadonlyMap<string, number> | null;
};

/** More distinct values than any label set has. */
export const MOST_VALUES = 1000;

/** Lengths and repetitions come from this many first records, enough to distinguish a text from a label. */
const LOOKED_AT = 20_000;

/**
 * Returns the number of records of a file and the contents of each field. Throws InvalidData if the file
 * cannot be read.
 */
export function surveyFields(params: { bytes: Uint8Array; source: string }): {
  records: number;
  fields: FieldSurvey[];
} {
  const { bytes, source } = params;
  const extension = extname(source).toLowerCase();
  if (extension === '.csv' || extension === '.tsv') return surveyCsv({ bytes, name: source });
  if (extension === '.jsonl') return surveyJsonl({ bytes, name: source });
  throw invalidData(`${source}: unknown kind of file. Give a .csv, .tsv or .jsonl file.`);
}

function surveyCsv(params: { bytes: Uint8Array; name: string }) {
  const [header = [], ...rows] = readCsvTable(params);
  const fields = header.map((name, column) => {
    const usable = name !== '' && header.indexOf(name) === header.lastIndexOf(name);
    const tally = startTally(name);
    for (const row of rows) tally.add(row[column], null);
    const survey = tally.result();
    return { ...survey, canBeText: usable, canBeLabel: usable };
  });
  return { records: rows.length, fields };
}

/** Surveys the fields of the first record only, because a usable field occurs in every record. */
function surveyJsonl(params: { bytes: Uint8Array; name: string }) {
  let tallies: ReturnType<typeof startTally>[] | undefined;
  let records = 0;
  for (const { object, line } of jsonLines(params)) {
    tallies ??= Object.keys(object).map(startTally);
    records++;
    for (const tally of tallies) {
      const { name } = tally;
      const value = Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
      tally.add(value, line);
    }
  }
  return { records, fields: (tallies ?? []).map((tally) => tally.result()) };
}

function startTally(name: string) {
  const values = new Map<string, number>();
  const different = new Set<string>();
  let [filled, looked, characters, words] = [0, 0, 0, 0];
  let [canBeText, canBeLabel] = [name !== '', name !== ''];
  let lackingLine: number | null = null;
  return {
    name,
    add(value: unknown, line: number | null) {
      canBeText &&= typeof value === 'string';
      if (!isLabel(value)) {
        canBeLabel = false;
        lackingLine ??= line;
        return;
      }
      const text = normaliseLabel(String(value));
      if (text === '') return;
      filled++;
      if (values.size <= MOST_VALUES) values.set(text, (values.get(text) ?? 0) + 1);
      if (looked === LOOKED_AT) return;
      looked++;
      different.add(text);
      characters += text.length;
      words += wordsOf(text);
    },
    result(): FieldSurvey {
      const mean = (sum: number) => (looked === 0 ? 0 : sum / looked);
      return {
        name,
        filled,
        canBeText,
        canBeLabel,
        lackingLine,
        characters: mean(characters),
        words: mean(words),
        distinctShare: mean(different.size),
        values: values.size > MOST_VALUES ? null : values,
      };
    },
  };
}

function isLabel(value: unknown): value is string | number | boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return typeof value === 'string' || typeof value === 'boolean';
}

/** Scripts without spaces between words have about one word per two characters. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

function wordsOf(text: string): number {
  return text.split(' ').length + (text.match(WITHOUT_SPACES)?.length ?? 0) / 2;
}
