import { CLASSIFIERS, type ClassifierConfig } from '../../../schemas/settings/classifier.ts';

/** The kind of a classifier, as tables name it. */
export function classifierName({ kind }: Pick<ClassifierConfig, 'kind'>): string {
  return CLASSIFIERS[kind].name;
}
