import { invalidConfig } from '../../schemas/errors.ts';
import type { ClassifierConfig, ClassifierKind, WordCnnConfig } from '../../schemas/settings/classifier.ts';
import type { Architecture } from './architecture.ts';
import { linearClassifier } from './linear.ts';
import { openEncoderClassifier } from './open-encoder-classifier.ts';
import { type EncoderFolder, encodeText, type TextEncoder } from './text-encoder.ts';
import { frozenTable, type TokenTable, trainedTable } from './token-table.ts';
import { wordCnnClassifier } from './word-cnn.ts';

type Params<Config extends ClassifierConfig> = {
  config: Config;
  classes: number;
  encoder: TextEncoder | EncoderFolder;
  trainingTexts: readonly string[];
  isPrivate: boolean;
};
type Open<Config extends ClassifierConfig> = (params: Params<Config>) => Architecture | Promise<Architecture>;

const OPEN: { [K in ClassifierKind]: Open<Extract<ClassifierConfig, { kind: K }>> } = {
  linear: linearClassifier,

  encoder({ config, classes, encoder, isPrivate }) {
    if (!('folder' in encoder))
      throw invalidConfig('The classifier "encoder" needs the folder of its encoder.');
    const { trained } = isPrivate ? config.dp : config;
    return openEncoderClassifier({ folder: encoder.folder, config: { ...config, trained }, classes });
  },

  wordcnn({ encoder, ...params }) {
    if ('folder' in encoder)
      throw invalidConfig('The classifier "wordcnn" needs a tokenizer, not an encoder.');
    const { config, classes, isPrivate } = params;
    const table = tokenTable({ ...params, encoder });
    return wordCnnClassifier({ encoder, table, config, rates: isPrivate ? config.dp : config, classes });
  },
};

/**
 * Returns the classifier that an experiment names. With `isPrivate`, it takes nothing from the training
 * texts, and `dp` sets the dropout or the trained blocks of an encoder. Throws the errors of `openEncoder`,
 * and InvalidConfig if `encoder` does not suit this kind of classifier.
 */
export async function createArchitecture(params: Params<ClassifierConfig>): Promise<Architecture> {
  // The kind of the settings chose what opens them.
  const open = OPEN[params.config.kind] as Open<ClassifierConfig>;
  return open(params);
}

function tokenTable(params: Params<WordCnnConfig> & { encoder: TextEncoder }): TokenTable {
  const { config, encoder, trainingTexts, isPrivate } = params;
  if (encoder.embeddings !== undefined) return frozenTable(encoder.embeddings);
  const { vocabularySize } = encoder;
  if (isPrivate) return trainedTable({ vocabularySize });
  const { maxTokens } = config;
  const tokens = trainingTexts.flatMap((text) => encodeText({ text, encoder, maxTokens }));
  return trainedTable({ vocabularySize, tokens });
}
