import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { softmax, tidy, writeRows } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';

/** Settings that change the logits before a token is drawn. */
export type LogitSettings = {
  /** Divides the logits. At 0 they stay unchanged, because the most likely token is taken. */
  temperature: number;
  /**
   * For tokens already in the text, divides positive logits and multiplies negative ones (CTRL, arXiv
   * 1909.05858).
   */
  repetitionPenalty: number;
  /** The stop token is not drawn before the text has this many tokens. */
  minTokens: number;
};

/**
 * Returns the distributions of the next tokens, [rows * vocabulary], from logits [rows, vocabulary], which it
 * changes and frees. `texts` are the tokens generated so far for each row, without its prefix.
 *
 * @throws NumericalFailure if logits are not finite
 */
export function nextTokenProbabilities(params: {
  logits: Tensor;
  texts: readonly (readonly number[])[];
  stop: number;
  settings: LogitSettings;
}): Float32Array {
  const { logits, texts, stop, settings } = params;
  const { temperature, repetitionPenalty, minTokens } = settings;
  const vocabulary = logits.shape[1]!;
  const probabilities = tidy(() => {
    const places = texts.flatMap((ids, row) => [...new Set(ids)].map((id) => row * vocabulary + id));
    if (repetitionPenalty !== 1) changeAt(logits, places, (l) => l * repetitionPenalty ** (l < 0 ? 1 : -1));
    const early = texts.flatMap((ids, row) => (ids.length < minTokens ? [row * vocabulary + stop] : []));
    changeAt(logits, early, () => -Infinity);
    return softmax(temperature === 0 || temperature === 1 ? logits : tf.div(logits, temperature));
  });
  logits.dispose();
  const values = probabilities.dataSync() as Float32Array;
  probabilities.dispose();
  // One logit that is not finite makes its whole row NaN.
  if (texts.every((_, row) => !Number.isNaN(values[row * vocabulary]))) return values;
  throw new DpsynthError({
    type: ErrorType.NumericalFailure,
    message:
      'The model returned logits that are not finite: its adapter diverged. Fine-tune again with a lower learning rate.',
  });
}

/** Changes single numbers of a tensor in place. */
function changeAt(t: Tensor, places: number[], change: (value: number) => number): void {
  if (places.length === 0) return;
  const all = tf.reshape(t, [-1, 1]);
  const index = tf.tensor1d(places, 'int32');
  const changed = (tf.gather(all, index).dataSync() as Float32Array).map(change);
  writeRows(all, index, tf.tensor2d(changed, [places.length, 1]));
}
