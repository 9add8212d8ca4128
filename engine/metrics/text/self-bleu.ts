import { type Measure, notDefined } from '../measure.ts';
import { ngramCounts, totalCount } from './ngram-counts.ts';

const ORDERS = [1, 2, 3, 4];
/** Number of matches assumed for an order without any (Chen and Cherry 2014, method 1). */
const SMOOTHING = 0.1;

/** The highest and second-highest count of an n-gram in any text. */
type Most = { count: number; owner: number; second: number };

/**
 * Returns self-BLEU of texts given as words: the mean BLEU-4 of each text against all the others (Zhu et al.,
 * arXiv 1802.01886). It lies between 0 and 1; higher means less diverse. It rises with the number of texts,
 * so compare corpora of similar size. An n-gram matches at most as often as in the text with the highest
 * count, so counting is enough. Not defined for fewer than two texts.
 */
export function selfBleu(texts: readonly (readonly string[])[]): Measure {
  if (texts.length < 2) return notDefined('self-BLEU needs two texts');
  const precisions = ORDERS.map((order) => precisionsAgainstOthers(texts, order));
  const lengths = Int32Array.from(texts, (words) => words.length).sort();
  const scores = texts.map((words, text) => {
    if (precisions[0][text] === 0) return 0;
    const logs = precisions.map((of) => Math.log(of[text]));
    const mean = logs.reduce((sum, log) => sum + log, 0) / ORDERS.length;
    return brevityPenalty(words.length, closestOther(lengths, words.length)) * Math.exp(mean);
  });
  return { value: scores.reduce((sum, score) => sum + score, 0) / texts.length };
}

/**
 * Returns, for each text, the share of its n-grams that occur in others. Zero shares are smoothed, except for
 * single words.
 */
function precisionsAgainstOthers(texts: readonly (readonly string[])[], order: number): number[] {
  const counts = texts.map((words) => ngramCounts([words], order));
  const most = new Map<string, Most>();
  counts.forEach((own, owner) => {
    for (const [ngram, count] of own) {
      const known = most.get(ngram);
      if (!known) most.set(ngram, { count, owner, second: 0 });
      else if (count > known.count) most.set(ngram, { count, owner, second: known.count });
      else if (count > known.second) known.second = count;
    }
  });
  return counts.map((own, text) => {
    let matches = 0;
    for (const [ngram, count] of own) {
      const { count: largest, owner, second } = most.get(ngram)!;
      matches += Math.min(count, owner === text ? second : largest);
    }
    const total = Math.max(1, totalCount(own));
    return (matches === 0 && order > 1 ? SMOOTHING : matches) / total;
  });
}

function brevityPenalty(length: number, reference: number): number {
  return length >= reference ? 1 : Math.exp(1 - reference / length);
}

/**
 * Returns the length closest to that of the text among the others, the shorter if two tie. `sorted` includes
 * the text's own length.
 */
function closestOther(sorted: Int32Array, length: number): number {
  const at = sorted.indexOf(length);
  if (sorted[at + 1] === length) return length;
  const [below, above] = [sorted[at - 1], sorted[at + 1]];
  if (below === undefined) return above;
  if (above === undefined) return below;
  return above - length < length - below ? above : below;
}
