import type { ReportData } from '../report-data.ts';
import { yamlString } from './markdown.ts';

const SIZES: readonly [limit: number, name: string][] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
];

/** Returns the metadata header for the Hugging Face hub: YAML between two lines of dashes. */
export function hubMetadata(params: { data: ReportData; dataFile: string; license: string }): string {
  const { data, dataFile, license } = params;
  const size = SIZES.find(([limit]) => data.syntheticRecords < limit)?.[1] ?? 'n>1M';
  const isPrivate = data.config.privacy.epsilon !== 'none';
  const tags = ['synthetic', 'dpsynth', ...(isPrivate ? ['differential-privacy'] : [])];
  return `---
pretty_name: ${yamlString(`${data.config.name} (synthetic)`)}
license: ${yamlString(license)}
task_categories:
- text-classification
size_categories:
- ${size}
annotations_creators:
- machine-generated
language_creators:
- machine-generated
tags:
${tags.map((tag) => `- ${tag}`).join('\n')}
dataset_info:
  features:
  - name: text
    dtype: string
  - name: label
    dtype: string
configs:
- config_name: default
  data_files:
  - split: train
    path: ${yamlString(dataFile)}
---`;
}
