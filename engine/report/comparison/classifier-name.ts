import type { ClassifierConfig } from '../../../schemas/settings/classifier.ts';

const NAMES: Record<ClassifierConfig['kind'], string> = {
  wordcnn: 'WordCNN',
  linear: 'Linear n-grams',
  encoder: 'Encoder',
};

/** The kind of a classifier, as tables name it. */
export function classifierName({ kind }: Pick<ClassifierConfig, 'kind'>): string {
  return NAMES[kind];
}
