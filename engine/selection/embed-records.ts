import type { LabelledText } from '../../schemas/records.ts';
import { normaliseText } from '../data/normalise-text.ts';
import { labelIndices } from '../data/records-file.ts';
import { embedTexts } from '../encoder/embed-texts.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { EncoderTokenizer } from '../encoder/encoder-tokenizer.ts';
import { type UnitRecords, unitRecords } from './unit-records.ts';

/**
 * Labelled texts as unit vectors of a public encoder. What is done to a text depends on no other text.
 * @param params.name what the texts are, for messages
 * @throws InvalidData for a label that is not declared
 */
export async function embedRecords(params: {
  encoder: Encoder;
  tokenizer: EncoderTokenizer;
  texts: LabelledText[];
  labels: string[];
  name: string;
  onProgress?: (done: number, of: number) => void;
}): Promise<UnitRecords> {
  const { texts, labels, name, ...rest } = params;
  const classes = labelIndices(texts, labels, name);
  const { embeddings, width } = await embedTexts({
    ...rest,
    texts: texts.map(({ text }) => normaliseText(text)),
  });
  return unitRecords({ embeddings, width, labels: classes, classes: labels.length });
}
