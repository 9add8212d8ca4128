import { listNames } from '../../schemas/list-names.ts';
import { normaliseLabel } from '../../schemas/normalise-label.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { corpusForm, corpusReader } from './corpus-reader.ts';
import { normaliseText } from './normalise-text.ts';

export type LabelCount = { label: string; records: number };

/**
 * The contents of a corpus by label. It has exact counts and labels of private records, so only the owner's
 * terminal may show it.
 */
export type CorpusSurvey = {
  /** How the file is read, such as `CSV, columns divided by semicolons`. */
  form: string;
  read: number;
  /** In the order of corpus.labels. Counts include duplicates. */
  declared: LabelCount[];
  /** Records left out because corpus.labels lacks their label, most common label first. */
  other: LabelCount[];
  /** Records with a declared label and an empty text, which are left out too. */
  empty: number;
};

/** Counts the records of a corpus. Throws InvalidData if it cannot be read. */
export function surveyCorpus(params: { bytes: Uint8Array; corpus: CorpusConfig }): CorpusSurvey {
  const { bytes, corpus } = params;
  const records = corpusReader(corpus)(bytes);
  const declared = new Map(corpus.labels.map((label) => [label, 0]));
  const other = new Map<string, number>();
  let empty = 0;
  for (const { text, label: found } of records) {
    const label = normaliseLabel(found);
    const counts = declared.has(label) ? declared : other;
    if (counts === declared && normaliseText(text) === '') empty++;
    else counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const listed = (counts: Map<string, number>) =>
    [...counts].map(([label, count]) => ({ label, records: count }));
  return {
    form: corpusForm(corpus)(bytes),
    read: records.length,
    declared: listed(declared),
    other: listed(other).sort((a, b) => b.records - a.records),
    empty,
  };
}

/**
 * Returns warnings for the owner before anything is spent. They name declared labels and the number of
 * records left out.
 */
export function surveyWarnings({ read, declared, other }: CorpusSurvey): string[] {
  const absent = declared.filter(({ records }) => records === 0).map(({ label }) => label);
  const dropped = other.reduce((sum, { records }) => sum + records, 0);
  return [
    ...(absent.length === 0
      ? []
      : [
          `No record has the label ${listNames(absent)} of corpus.labels: the public model would invent its texts. Is it spelt as in the corpus?`,
        ]),
    ...(dropped === 0
      ? []
      : [`${dropped} of ${read} records are left out: corpus.labels lacks their labels.`]),
  ];
}
