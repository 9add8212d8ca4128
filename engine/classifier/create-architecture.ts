import type { ClassifierConfig, WordCnnConfig } from '../../schemas/settings/classifier.ts';
import type { Architecture } from './architecture.ts';
import { linearClassifier } from './linear.ts';
import { encodeText, type TextEncoder } from './text-encoder.ts';
import { frozenTable, type TokenTable, trainedTable } from './token-table.ts';
import { wordCnnClassifier } from './word-cnn.ts';

/**
 * The classifier that an experiment names. With `isPrivate` nothing about it is taken from the training texts, and
 * dropout is as `dp` says: off by default, because noise regularises enough.
 */
export function createArchitecture(params: {
  config: ClassifierConfig;
  classes: number;
  encoder: TextEncoder;
  trainingTexts: readonly string[];
  isPrivate: boolean;
}): Architecture {
  const { config, classes, encoder, isPrivate } = params;
  switch (config.kind) {
    case 'linear':
      return linearClassifier({ config, classes });
    case 'wordcnn': {
      const rates = isPrivate ? config.dp : config;
      return wordCnnClassifier({ encoder, table: tokenTable({ ...params, config }), config, rates, classes });
    }
  }
}

function tokenTable(params: {
  config: WordCnnConfig;
  encoder: TextEncoder;
  trainingTexts: readonly string[];
  isPrivate: boolean;
}): TokenTable {
  const { config, encoder, trainingTexts, isPrivate } = params;
  if (encoder.embeddings !== undefined) return frozenTable(encoder.embeddings);
  const { vocabularySize } = encoder;
  if (isPrivate) return trainedTable({ vocabularySize });
  const { maxTokens } = config;
  const tokens = trainingTexts.flatMap((text) => encodeText({ text, encoder, maxTokens }));
  return trainedTable({ vocabularySize, tokens });
}
