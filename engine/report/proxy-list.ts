import type { CorpusProxies } from '../../schemas/evaluations/proxies.ts';
import type { Measure } from '../../schemas/measure.ts';
import { formatNumber } from './format.ts';

/** Which values of a proxy are better: higher ones, lower ones, or those closer to the value of real text. */
export type Better = 'higher' | 'lower' | 'closer to real';

export type NamedProxy = {
  /** Includes the settings that affect the number, so numbers with the same name are comparable. */
  name: string;
  better: Better;
  measure: Measure;
  /** Deviation over the seeds, if there are several. */
  deviation?: number | null;
};

/** Returns every proxy of a corpus in the order of the tables. Withheld ones are left out. */
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
    of('Word divergence, bits', 'lower', againstReal.words),
    of('Word-pair divergence, bits', 'lower', againstReal.wordPairs),
    of('Length distance, tokens', 'lower', againstReal.tokenLengths),
    of('Length distance, characters', 'lower', againstReal.characterLengths),
    of('Perplexity of real text under the generating model', 'lower', againstReal.realPerplexity),
  ];
  return [
    ...(against ?? []),
    of('Perplexity of the texts under the public model', 'closer to real', alone.perplexity),
    of('Distinct words', 'closer to real', alone.distinct1),
    of('Distinct word pairs', 'closer to real', alone.distinct2),
    of('Self-BLEU', 'closer to real', alone.selfBleu),
  ].filter(firstOfItsName);
}

/** Drops duplicates: settings that differ only in the scaling share their frontier integral. */
function firstOfItsName({ name }: NamedProxy, index: number, all: readonly NamedProxy[]): boolean {
  return all.findIndex((other) => other.name === name) === index;
}
