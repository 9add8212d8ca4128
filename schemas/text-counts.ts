import { z } from 'zod';

/** The rules by which a sampled text falls away, in the order in which they are asked. */
export const FILTER_RULES = ['empty', 'placeholder', 'instruction', 'duplicate'] as const;
export type FilterRule = (typeof FILTER_RULES)[number];

/** What became of the texts that a model wrote for a corpus, or for a shard of it. */
export const textCountsSchema = z.strictObject({
  asked: z.int().describe('Records that were asked for'),
  drawn: z.int().describe('Texts that were written, those in place of removed ones included'),
  removed: z.record(z.enum(FILTER_RULES), z.int()).describe('Texts that fell away, by rule'),
  kept: z.int(),
  ended: z.int().describe('Kept texts that the model ended itself; maxTokens cut the others'),
  shortened: z.int().describe('Kept texts that were cut and then ended at their last whole sentence'),
});
export type TextCounts = z.infer<typeof textCountsSchema>;

/** The counts of shards together. */
export function addTextCounts(shards: readonly TextCounts[]): TextCounts {
  const sum = (of: (counts: TextCounts) => number) => shards.reduce((total, counts) => total + of(counts), 0);
  return {
    asked: sum(({ asked }) => asked),
    drawn: sum(({ drawn }) => drawn),
    removed: removedOf((rule) => sum(({ removed }) => removed[rule])),
    kept: sum(({ kept }) => kept),
    ended: sum(({ ended }) => ended),
    shortened: sum(({ shortened }) => shortened),
  };
}

/** One number for each rule. */
export function removedOf(count: (rule: FilterRule) => number): TextCounts['removed'] {
  return {
    empty: count('empty'),
    placeholder: count('placeholder'),
    instruction: count('instruction'),
    duplicate: count('duplicate'),
  };
}
