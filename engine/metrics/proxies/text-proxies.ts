import { type Measure, notDefined } from '../measure.ts';
import { distinctN } from '../text/distinct.ts';
import { jensenShannon } from '../text/jensen-shannon.ts';
import { ngramCounts } from '../text/ngram-counts.ts';
import { selfBleu } from '../text/self-bleu.ts';
import { characterCounts, wasserstein } from '../text/wasserstein.ts';
import { wordsOf } from '../text/words.ts';

/** Returns how much the texts vary among themselves. */
export function textDiversity(
  texts: readonly string[],
): Record<'distinct1' | 'distinct2' | 'selfBleu', Measure> {
  const words = texts.map(wordsOf);
  return {
    distinct1: distinctN(words, 1),
    distinct2: distinctN(words, 2),
    // Otherwise texts without any word would have the best possible score.
    selfBleu: words.every((one) => one.length === 0) ? notDefined('no text has a word') : selfBleu(words),
  };
}

/** One side of a comparison: texts, with the length of each in tokens of the language model. */
export type MeasuredSide = { texts: readonly string[]; tokens: readonly number[] };

/** Returns how far apart two sets of texts are in their words and lengths. */
export function textDistances(params: {
  real: MeasuredSide;
  synthetic: MeasuredSide;
}): Record<'words' | 'wordPairs' | 'tokenLengths' | 'characterLengths', Measure> {
  const { real, synthetic } = params;
  const [realWords, syntheticWords] = [real.texts.map(wordsOf), synthetic.texts.map(wordsOf)];
  const divergence = (n: number) => jensenShannon(ngramCounts(realWords, n), ngramCounts(syntheticWords, n));
  return {
    words: divergence(1),
    wordPairs: divergence(2),
    tokenLengths: wasserstein(real.tokens, synthetic.tokens),
    characterLengths: wasserstein(characterCounts(real.texts), characterCounts(synthetic.texts)),
  };
}
