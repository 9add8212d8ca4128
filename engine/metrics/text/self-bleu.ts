import { type Measure, notDefined } from '../measure.ts';
import { ngramCounts, totalCount } from './ngram-counts.ts';

const ORDERS = [1, 2, 3, 4];
/** Matches that an order without any is given (Chen and Cherry 2014, method 1). */
const SMOOTHING = 0.1;

/** How often an n-gram occurs in the text that has most of it, and in the runner-up. */
type Most = { count: number; owner: number; second: number };

/**
 * Self-BLEU of texts as words: the mean BLEU-4 of each text against all the others (Zhu et al., arXiv 1802.01886). From 0 to 1;
 * the higher, the less diverse. It rises with the number of texts, so compare corpora of like size. An n-gram matches as
 * often as the one text that has most of it, so the time is that of counting. Not defined for fewer than two texts.
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

/** Of each text, the share of its n-grams that the others have; smoothed where there is none, but for single words. */
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

/** Of the sorted lengths, one of which is the text's own, the closest to it among the others; the shorter of two. */
function closestOther(sorted: Int32Array, length: number): number {
  const at = sorted.indexOf(length);
  if (sorted[at + 1] === length) return length;
  const [below, above] = [sorted[at - 1], sorted[at + 1]];
  if (below === undefined) return above;
  if (above === undefined) return below;
  return above - length < length - below ? above : below;
}
