import type { CorpusProxies } from '../../schemas/evaluations/proxies.ts';
import type { Measure } from '../../schemas/measure.ts';
import { formatNumber } from './format.ts';

/** How a proxy is read: the larger the better, the smaller the better, or the nearer to that of real text. */
export type Better = 'higher' | 'lower' | 'near real';

export type NamedProxy = {
  /** With the settings that decide it: numbers of one name are comparable. */
  name: string;
  better: Better;
  measure: Measure;
  /** Over the seeds, where there are several. */
  deviation?: number | null;
};

/** Every proxy of a corpus, in the order of the tables. What is withheld is left out. */
export function listProxies({ alone, againstReal }: CorpusProxies): NamedProxy[] {
  const of = (name: string, better: Better, measure: Measure): NamedProxy => ({ name, better, measure });
  const against = againstReal && [
    ...againstReal.mauve.flatMap(({ buckets, scaling, mauve, deviation, frontierIntegral }) => {
      const clusters = buckets === null ? 'automatic buckets' : `${buckets} buckets`;
      return [
        { ...of(`MAUVE, c = ${formatNumber(scaling)}, ${clusters}`, 'higher', mauve), deviation },
        of(`Frontier integral, ${clusters}`, 'lower', frontierIntegral),
      ];
    }),
    of('Embedding precision', 'higher', againstReal.precision),
    of('Embedding recall', 'higher', againstReal.recall),
    of('Divergence of words, bits', 'lower', againstReal.words),
    of('Divergence of word pairs, bits', 'lower', againstReal.wordPairs),
    of('Distance of lengths, tokens', 'lower', againstReal.tokenLengths),
    of('Distance of lengths, characters', 'lower', againstReal.characterLengths),
    of('Perplexity of real text under the writing model', 'lower', againstReal.realPerplexity),
  ];
  return [
    ...(against ?? []),
    of('Perplexity of the texts under the public model', 'near real', alone.perplexity),
    of('Distinct words', 'near real', alone.distinct1),
    of('Distinct word pairs', 'near real', alone.distinct2),
    of('Self-BLEU', 'near real', alone.selfBleu),
  ].filter(firstOfItsName);
}

/** Settings that differ in the scaling alone share their frontier integral. */
function firstOfItsName({ name }: NamedProxy, index: number, all: readonly NamedProxy[]): boolean {
  return all.findIndex((other) => other.name === name) === index;
}
