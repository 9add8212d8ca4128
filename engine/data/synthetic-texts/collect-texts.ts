import type { LabelledText } from '../../../schemas/records.ts';
import { removedOf, type TextCounts } from '../../../schemas/text-counts.ts';
import type { Prompt } from '../prompt-plan.ts';
import type { TextFilter } from './text-filter.ts';

/** A text as it comes from the model. */
export type WrittenText = {
  text: string;
  /** The model ended it itself. */
  isEnded: boolean;
  /** It was cut, and then ended at its last whole sentence. */
  isShortened: boolean;
};

/**
 * Gives a text for each prompt, in their order. `attempt` is 0 at first, and one more each time that removed
 * texts are written anew.
 */
export type WriteTexts = (prompts: readonly Prompt[], attempt: number) => Promise<readonly WrittenText[]>;

/**
 * One text for each prompt, as `write` gives them, without those that the filter removes. A removed one
 * is written anew, up to `retries` times. Returns the records in the order of the prompts, and what
 * became of all texts.
 */
export async function collectTexts(params: {
  prompts: readonly Prompt[];
  write: WriteTexts;
  filter: TextFilter;
  retries: number;
}): Promise<{ records: LabelledText[]; counts: TextCounts }> {
  const { prompts, write, filter, retries } = params;
  const kept = new Map<Prompt, WrittenText>();
  const removed = removedOf(() => 0);
  let missing = prompts;
  let drawn = 0;
  for (let attempt = 0; attempt <= retries && missing.length > 0; attempt++) {
    const texts = await write(missing, attempt);
    drawn += texts.length;
    missing.forEach((prompt, i) => {
      const rule = filter(texts[i].text, prompt);
      if (rule === null) kept.set(prompt, texts[i]);
      else removed[rule] += 1;
    });
    missing = missing.filter((prompt) => !kept.has(prompt));
  }
  const all = [...kept.values()];
  return {
    records: prompts.flatMap((prompt) => {
      const text = kept.get(prompt)?.text;
      return text === undefined ? [] : [{ text, label: prompt.label }];
    }),
    counts: {
      asked: prompts.length,
      drawn,
      removed,
      kept: all.length,
      ended: all.filter(({ isEnded }) => isEnded).length,
      shortened: all.filter(({ isShortened }) => isShortened).length,
    },
  };
}
