import { invalidConfig } from '../../schemas/errors.ts';
import type { ClassifierConfig, WordCnnConfig } from '../../schemas/settings/classifier.ts';
import type { Architecture } from './architecture.ts';
import { linearClassifier } from './linear.ts';
import { openEncoderClassifier } from './open-encoder-classifier.ts';
import { type EncoderFolder, encodeText, type TextEncoder } from './text-encoder.ts';
import { frozenTable, type TokenTable, trainedTable } from './token-table.ts';
import { wordCnnClassifier } from './word-cnn.ts';

/**
 * Returns the classifier that an experiment names. With `isPrivate`, it takes nothing from the training
 * texts, and `dp` sets the dropout or the trained blocks of an encoder. Throws the errors of `openEncoder`,
 * and InvalidConfig if `encoder` does not suit this kind of classifier.
 */
export async function createArchitecture(params: {
  config: ClassifierConfig;
  classes: number;
  encoder: TextEncoder | EncoderFolder;
  trainingTexts: readonly string[];
  isPrivate: boolean;
}): Promise<Architecture> {
  const { config, classes, encoder, isPrivate } = params;
  if (config.kind === 'linear') return linearClassifier({ config, classes });
  if (config.kind === 'encoder') {
    if (!('folder' in encoder))
      throw invalidConfig('The classifier "encoder" needs the folder of its encoder.');
    const { trained } = isPrivate ? config.dp : config;
    return openEncoderClassifier({ folder: encoder.folder, config: { ...config, trained }, classes });
  }
  if ('folder' in encoder) throw invalidConfig('The classifier "wordcnn" needs a tokenizer, not an encoder.');
  const table = tokenTable({ ...params, encoder, config });
  return wordCnnClassifier({ encoder, table, config, rates: isPrivate ? config.dp : config, classes });
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
