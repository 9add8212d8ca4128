import { listNames } from '../../schemas/list-names.ts';
import { normaliseLabel } from '../../schemas/normalise-label.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { corpusForm, corpusReader } from './corpus-reader.ts';
import { normaliseText } from './normalise-text.ts';

export type LabelCount = { label: string; records: number };

/** What a corpus holds, by its labels. Exact counts and labels of private records: for the terminal of whoever owns them alone. */
export type CorpusSurvey = {
  /** How the file is read, such as `CSV, columns divided by semicolons`. */
  form: string;
  read: number;
  /** In the order of corpus.labels. Duplicates count. */
  declared: LabelCount[];
  /** Records that are left out because corpus.labels lacks their label, the most common label first. */
  other: LabelCount[];
  /** Records of declared labels whose text is empty; they are left out too. */
  empty: number;
};

/** Counts the records of a corpus. Throws InvalidData where it cannot be read. */
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

/** What the owner should know before anything is spent. Names declared labels, and how many records are left out. */
export function surveyWarnings({ read, declared, other }: CorpusSurvey): string[] {
  const absent = declared.filter(({ records }) => records === 0).map(({ label }) => label);
  const dropped = other.reduce((sum, { records }) => sum + records, 0);
  return [
    ...(absent.length === 0
      ? []
      : [
          `No record has the label ${listNames(absent)} of corpus.labels: texts of it would be invented by the public model. Is it spelt as in the corpus?`,
        ]),
    ...(dropped === 0
      ? []
      : [`${dropped} of ${read} records are left out: corpus.labels lacks their labels.`]),
  ];
}
