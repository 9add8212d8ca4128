import type { LabelledText } from '../../schemas/records.ts';
import { normaliseText } from '../data/normalise-text.ts';
import { labelIndices } from '../data/records-file.ts';
import { embedTexts } from '../encoder/embed-texts.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { EncoderTokenizer } from '../encoder/encoder-tokenizer.ts';
import { type UnitRecords, unitRecords } from './unit-records.ts';

/**
 * Labelled texts as unit vectors of a public encoder. Each private text is run on its own: in a batch the padding, and with it the rounding,
 * would depend on the other texts, and one private record would move the vectors of others. That takes about half as long again.
 * @param params.name what the texts are, for messages
 * @param params.maxTokens where a text is cut @default what the tokenizer says
 * @throws InvalidData for a label that is not declared
 */
export async function embedRecords(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  texts: LabelledText[];
  labels: string[];
  isPrivate: boolean;
  name: string;
  maxTokens?: number;
  onProgress?: (done: number, of: number) => void;
}): Promise<UnitRecords> {
  const { texts, labels, isPrivate, name, ...rest } = params;
  const classes = labelIndices(texts, labels, name);
  const { embeddings, width } = await embedTexts({
    ...rest,
    apart: isPrivate,
    texts: texts.map(({ text }) => normaliseText(text)),
  });
  return unitRecords({ embeddings, width, labels: classes, classes: labels.length });
}
