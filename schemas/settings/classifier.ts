import { z } from 'zod';
import type { earlyStoppingSchema } from './classifiers/common.ts';
import { encoderSchema } from './classifiers/encoder.ts';
import { linearSchema } from './classifiers/linear.ts';
import { wordCnnSchema } from './classifiers/word-cnn.ts';

export const classifierSchema = z.discriminatedUnion('kind', [wordCnnSchema, linearSchema, encoderSchema]);

export type ClassifierConfig = z.infer<typeof classifierSchema>;
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;

export type { EncoderConfig as EncoderClassifierConfig } from './classifiers/encoder.ts';
export type { LinearConfig } from './classifiers/linear.ts';
export type { WordCnnConfig } from './classifiers/word-cnn.ts';
