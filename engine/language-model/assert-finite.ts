import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { LanguageModel } from './language-model.ts';
import { scoreTexts } from './score.ts';
import type { TextTokenizer } from './tokenizer.ts';

const PUBLIC_TEXT = 'The cat sat on it.';

/**
 * Runs the model once over a public text. This finds weights that are damaged or in another byte order before
 * any private record is read; in training they would look like a learning rate that is too high. Throws
 * ArtifactCorrupt.
 */
export async function assertFinite(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  name: string;
}): Promise<void> {
  const { model, tokenizer, name } = params;
  for await (const { nll } of scoreTexts({ model, tokenizer, texts: [PUBLIC_TEXT] }))
    if (!Number.isFinite(nll))
      throw corrupt(`The model ${name} computes numbers that are not finite for a plain English sentence`);
}

/** Throws ArtifactCorrupt for a tensor with a number that is not finite. */
export function assertFiniteTensor(tensor: string, values: Float32Array): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw corrupt(`The tensor ${tensor} of the model contains numbers that are not finite`);
}

function corrupt(what: string): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `${what}: its weights are damaged, or were written in another byte order or number format. Use another copy of the model.`,
  });
}
