import { z } from 'zod';
import type { earlyStoppingSchema } from './classifiers/common.ts';
import { encoderSchema } from './classifiers/encoder.ts';
import { linearSchema } from './classifiers/linear.ts';
import { wordCnnSchema } from './classifiers/word-cnn.ts';

/**
 * The kinds of classifier: the settings of each, and its name in tables. To add one, add its settings here and what opens it to
 * `engine/classifier/create-architecture.ts`.
 */
export const CLASSIFIERS = {
  wordcnn: { name: 'WordCNN', settings: wordCnnSchema },
  linear: { name: 'Linear n-grams', settings: linearSchema },
  encoder: { name: 'Encoder', settings: encoderSchema },
} as const;

type ClassifierSettings = (typeof CLASSIFIERS)[keyof typeof CLASSIFIERS]['settings'];
const settings = Object.values(CLASSIFIERS).map((kind) => kind.settings);
export const classifierSchema = z.discriminatedUnion(
  'kind',
  settings as [ClassifierSettings, ...ClassifierSettings[]],
);

export type ClassifierConfig = z.infer<typeof classifierSchema>;
export type ClassifierKind = ClassifierConfig['kind'];
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;

/** The model that a classifier brings along; null if it reads texts with the tokenizer of the experiment's model. */
export function ownModel(classifier: ClassifierConfig): string | null {
  return 'model' in classifier ? classifier.model : null;
}

export type { EncoderConfig as EncoderClassifierConfig } from './classifiers/encoder.ts';
export type { LinearConfig } from './classifiers/linear.ts';
export type { WordCnnConfig } from './classifiers/word-cnn.ts';
