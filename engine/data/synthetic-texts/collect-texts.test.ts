import { expect, test } from 'vitest';
import type { FilterRule } from '../../../schemas/text-counts.ts';
import type { Prompt } from '../prompt-plan.ts';
import { collectTexts } from './collect-texts.ts';

const prompts: Prompt[] = ['a', 'a', 'b', 'b'].map((label, record) => ({ record, label }));

/** Text of a record at an attempt; those of `bad` are removed. */
function collect(params: { bad: string[]; retries: number }) {
  const asked: string[][] = [];
  const result = collectTexts({
    prompts,
    write: async (of, attempt) => {
      const texts = of.map(({ record }) => `${record}-${attempt}`);
      asked.push(texts);
      return texts.map((text) => ({ text, isEnded: attempt === 0, isShortened: attempt > 0 }));
    },
    filter: (text): FilterRule | null => (params.bad.includes(text) ? 'placeholder' : null),
    retries: params.retries,
  });
  return result.then((collected) => ({ ...collected, asked }));
}

test('removed texts are written anew, and stand in the order of the prompts', async () => {
  const { records, counts, asked } = await collect({ bad: ['1-0', '1-1', '2-0'], retries: 3 });
  expect(records).toEqual([
    { text: '0-0', label: 'a' },
    { text: '1-2', label: 'a' },
    { text: '2-1', label: 'b' },
    { text: '3-0', label: 'b' },
  ]);
  expect(asked).toEqual([['0-0', '1-0', '2-0', '3-0'], ['1-1', '2-1'], ['1-2']]);
  expect(counts).toEqual({
    asked: 4,
    drawn: 7,
    removed: { empty: 0, placeholder: 3, instruction: 0, duplicate: 0 },
    kept: 4,
    ended: 2,
    shortened: 2,
  });
});

test('what still falls away after the last attempt is missing', async () => {
  const { records, counts, asked } = await collect({ bad: ['1-0', '1-1', '1-2'], retries: 1 });
  expect(records.map(({ text }) => text)).toEqual(['0-0', '2-0', '3-0']);
  expect(asked).toHaveLength(2);
  expect(counts).toMatchObject({ asked: 4, drawn: 5, kept: 3 });
});
