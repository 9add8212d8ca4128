import { CLASSIFIERS, type ClassifierConfig } from '../../../schemas/settings/classifier.ts';

/** Returns the name of a classifier's kind for tables. */
export function classifierName({ kind }: Pick<ClassifierConfig, 'kind'>): string {
  return CLASSIFIERS[kind].name;
}
