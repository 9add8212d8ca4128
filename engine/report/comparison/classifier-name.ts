import type { ClassifierConfig } from '../../../schemas/settings/classifier.ts';

const NAMES: Record<ClassifierConfig['kind'], string> = {
  wordcnn: 'WordCNN',
  linear: 'Linear n-grams',
  encoder: 'Encoder',
};

/** Returns the name of a classifier's kind for tables. */
export function classifierName({ kind }: Pick<ClassifierConfig, 'kind'>): string {
  return NAMES[kind];
}
