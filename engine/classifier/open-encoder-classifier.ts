import { loadEncoder } from '../encoder/encoder.ts';
import { openEncoder } from '../encoder/open-encoder.ts';
import type { Architecture } from './architecture.ts';
import { type EncoderClassifierConfig, encoderClassifier } from './encoder-classifier.ts';

/**
 * Opens the encoder in a Hugging Face folder and returns a classifier on it, with its weights in memory.
 * Throws the errors of `openEncoder`.
 */
export async function openEncoderClassifier(params: {
  folder: string;
  config: EncoderClassifierConfig;
  classes: number;
}): Promise<Architecture> {
  const { folder, config, classes } = params;
  const { tokenizer, ...source } = await openEncoder(folder);
  return encoderClassifier({ encoder: await loadEncoder(source), tokenizer, config, classes });
}
