import type { Proxies, ProxySource } from '../../schemas/evaluations/proxies.ts';

const OF: Record<ProxySource, number> = { synthetic: 0.4123, 'zero-shot': 0.3367, real: 0.8791 };

/** Returns proxies of three corpora for tests. Every number of a corpus is the one given for it in `of`. */
export function proxies(of: Partial<Record<ProxySource, number>> = {}): Proxies {
  return {
    corpora: (['synthetic', 'zero-shot', 'real'] as const).map((source) => {
      const number = { value: of[source] ?? OF[source] };
      const mauve = { buckets: null, scaling: 5, seeds: [25, 26, 27] };
      return {
        source,
        records: 500,
        alone: { distinct1: number, distinct2: number, selfBleu: number, perplexity: number },
        againstReal: {
          records: 80,
          mauve: [{ ...mauve, mauve: number, deviation: 0.004, frontierIntegral: number }],
          ...{ precision: number, recall: number, words: number, wordPairs: number },
          ...{ tokenLengths: number, characterLengths: number },
          realPerplexity: source === 'real' ? { value: null, because: 'no model wrote these texts' } : number,
        },
      };
    }),
    missing: [],
  };
}
