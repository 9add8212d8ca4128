import type { EncoderFolder, TextEncoder } from '../../../engine/classifier/text-encoder.ts';
import { type ClassifierConfig, ownModel } from '../../../schemas/settings/classifier.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { openModel } from '../open-model.ts';

/**
 * What a classifier reads texts with: the folder of its own encoder, or the public language model's tokenizer.
 * Throws what `locateAsset` throws, such as AssetUnavailable for a model that was not fetched.
 */
export async function publicEncoder(params: {
  model: string;
  classifier: ClassifierConfig;
}): Promise<TextEncoder | EncoderFolder> {
  const { model, classifier } = params;
  const asset = ownModel(classifier);
  if (asset === null) return publicTextEncoder(model, usesEmbeddings(classifier));
  const { folder } = await locateAsset({ asset });
  return { folder };
}

export function usesEmbeddings(classifier: ClassifierConfig): boolean {
  return classifier.kind === 'wordcnn' && classifier.embedding === 'language-model';
}

/** The tokenizer, and where asked for the token embeddings, of the public language model before fine-tuning. */
export async function publicTextEncoder(model: string, withEmbeddings: boolean): Promise<TextEncoder> {
  const { tokenizer, locate, read } = await openModel(model);
  const encoder = { encode: tokenizer.encode, vocabularySize: tokenizer.vocabulary };
  if (!withEmbeddings) return encoder;
  const { shape, values } = await read(locate('embedding').tensor);
  return { ...encoder, vocabularySize: shape[0], embeddings: { values, dims: shape[1] } };
}
