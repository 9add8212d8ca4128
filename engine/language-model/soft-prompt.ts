import { invalidConfig } from '../../schemas/errors.ts';
import type { PromptConfig } from '../../schemas/settings/training.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { LanguageModel } from './language-model.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** Returns the model with a soft prompt [length, width] before every input. */
export function withPrompt(model: LanguageModel, prompt: Tensor): LanguageModel {
  return { ...model, prompt };
}

/**
 * Returns the start of a soft prompt, [length * width]: normal numbers with the spread of the token
 * embeddings, embeddings of tokens drawn from the vocabulary, or those of a text, repeated. Uses public
 * randomness.
 */
export function initialPrompt(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  adapter: PromptConfig;
  uniform: () => number;
}): Float32Array {
  const { model, tokenizer, adapter, uniform } = params;
  const { length, initialisation, text } = adapter;
  const { width, vocabulary, embeddingScale } = model.config;
  if (initialisation === 'random') {
    const deviation = embeddingScale * spread(model.embedding);
    return Float32Array.from({ length: length * width }, () => deviation * normal(uniform));
  }
  const written = initialisation === 'text' ? tokenizer.encode(text ?? '') : [];
  if (initialisation === 'text' && written.length === 0)
    throw invalidConfig('training.adapter.text: set the text with which the soft prompt starts.');
  const ids = Int32Array.from({ length }, (_, place) =>
    initialisation === 'text' ? written[place % written.length] : Math.floor(uniform() * vocabulary),
  );
  const start = tf.tidy(() => tf.mul(tf.gather(model.embedding, tf.tensor1d(ids, 'int32')), embeddingScale));
  const values = start.dataSync() as Float32Array;
  start.dispose();
  return values;
}

/** Returns the standard deviation of all numbers of a tensor. */
function spread(t: Tensor): number {
  return tf.tidy(() => {
    const { variance } = tf.moments(t);
    return Math.sqrt(variance.dataSync()[0]);
  });
}

/** Draws a standard normal number (Box and Muller). */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
