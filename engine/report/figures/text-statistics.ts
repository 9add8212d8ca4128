import { z } from 'zod';
import { scoreSourceSchema } from '../../../schemas/scores.ts';
import { binShares, lengthBins } from './length-bins.ts';
import { commonPairs, countWordPairs } from './word-pairs.ts';

const PAIRS = 15;
const shares = z.array(z.number()).readonly();

/**
 * The data of the text charts. Edges and pairs come from the synthetic corpus alone, so any other corpus can
 * be left out.
 */
export const textStatisticsSchema = z.strictObject({
  tokenEdges: z.array(z.number()).readonly().describe('Lower edges of the bins; the last is open above'),
  characterEdges: z.array(z.number()).readonly(),
  wordPairs: z.array(z.string()).readonly().describe('The most common pairs of the synthetic corpus'),
  corpora: z
    .array(
      z.strictObject({
        source: scoreSourceSchema,
        records: z.int().describe('Number of records examined'),
        median: z.strictObject({ tokens: z.number().nullable(), characters: z.number().nullable() }),
        tokens: shares.describe('Share of the records in each bin'),
        characters: shares,
        wordPairs: shares.describe('Share of all word pairs of the corpus'),
      }),
    )
    .readonly(),
});
export type TextStatistics = z.infer<typeof textStatisticsSchema>;
export type CorpusStatistics = TextStatistics['corpora'][number];

/** Texts of one corpus with their lengths in tokens of the language model. */
export interface MeasuredTexts {
  source: CorpusStatistics['source'];
  texts: readonly string[];
  tokens: readonly number[];
}

/**
 * Returns lengths and common word pairs of the synthetic corpus. The other corpora are counted in the same
 * bins and for the same pairs.
 */
export function textStatistics(synthetic: MeasuredTexts, others: readonly MeasuredTexts[]): TextStatistics {
  const tokenEdges = lengthBins(synthetic.tokens);
  const characterEdges = lengthBins(synthetic.texts.map(characters));
  const wordPairs = commonPairs(countWordPairs(synthetic.texts).counts, PAIRS);
  return {
    tokenEdges,
    characterEdges,
    wordPairs,
    corpora: [synthetic, ...others].map(({ source, texts, tokens }) => {
      const { counts, total } = countWordPairs(texts);
      const lengths = texts.map(characters);
      return {
        source,
        records: texts.length,
        median: { tokens: median(tokens), characters: median(lengths) },
        tokens: binShares(tokens, tokenEdges),
        characters: binShares(lengths, characterEdges),
        wordPairs: wordPairs.map((pair) => (total === 0 ? 0 : (counts.get(pair) ?? 0) / total)),
      };
    }),
  };
}

/** Returns the median, the lower of two middle values; null if there are none. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

/** Counts code points, so an emoji counts once. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
