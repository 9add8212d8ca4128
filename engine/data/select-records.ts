import { invalidData } from '../../schemas/errors.ts';
import { listNames } from '../../schemas/list-names.ts';
import { normaliseLabel } from '../../schemas/normalise-label.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { normaliseText } from './normalise-text.ts';
import { removeDuplicates } from './remove-duplicates.ts';

/** The numbers of records read and left out. Private, since they are exact counts of private data. */
export type SelectionCounts = { read: number; otherLabels: number; empty: number; duplicates: number };

/**
 * Normalises texts and labels, and leaves out undeclared labels, empty texts and duplicates. Throws
 * InvalidData if nothing useful is left: no declared label, only one label, or only empty texts. Messages
 * list all declared labels but never say which ones occur or what else the data contain.
 */
export function selectRecords(params: { records: LabelledText[]; labels: string[]; name: string }): {
  records: LabelledText[];
  counts: SelectionCounts;
} {
  const { records, labels, name } = params;
  if (records.length === 0) throw invalidData(`${name} contains no records.`);
  const normalised = records.map(({ text, label }) => ({
    text: normaliseText(text),
    label: normaliseLabel(label),
  }));
  const declared = new Set(labels);
  const labelled = normalised.filter(({ label }) => declared.has(label));
  if (labelled.length === 0)
    throw invalidData(`No record of ${name} has one of the labels of corpus.labels: ${listNames(labels)}.`);
  const filled = labelled.filter(({ text }) => text !== '');
  if (filled.length === 0) throw invalidData(`All texts of ${name} are empty. Is corpus.textField right?`);
  const present = new Set(filled.map(({ label }) => label));
  if (present.size < 2)
    throw invalidData(
      `The records of ${name} have fewer than two of the labels of corpus.labels: at least two are needed.`,
    );
  const unique = removeDuplicates(filled);
  const counts = {
    read: records.length,
    otherLabels: records.length - labelled.length,
    empty: labelled.length - filled.length,
    duplicates: filled.length - unique.length,
  };
  return { records: unique, counts };
}
