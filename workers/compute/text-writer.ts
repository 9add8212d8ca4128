import { encodeTemplate } from '../../engine/data/record-template.ts';
import { randomStream } from '../../engine/data/seeded-random.ts';
import type { WriteTexts } from '../../engine/data/synthetic-texts/collect-texts.ts';
import { endAtSentence, withoutBrokenEnd } from '../../engine/data/synthetic-texts/last-sentence.ts';
import { type GenerationRow, generate } from '../../engine/language-model/generate.ts';
import type { LanguageModel } from '../../engine/language-model/language-model.ts';
import type { TextTokenizer } from '../../engine/language-model/tokenizer.ts';
import type { JobOf } from '../../schemas/jobs.ts';

/**
 * Gives what writes a text for each prompt. Record i has its own public randomness from (seed, i), and other
 * randomness at each attempt: a text does not depend on batches, nor on which other texts are written.
 */
export function textWriter(params: {
  job: Pick<JobOf<'sample'>, 'template' | 'sampling' | 'seed'>;
  model: LanguageModel;
  tokenizer: TextTokenizer;
  /** Called after every step with the texts finished and the tokens drawn at this attempt so far. */
  onStep: (done: { attempt: number; texts: number; tokens: number }) => void;
  signal: AbortSignal;
}): WriteTexts {
  const { model, tokenizer, onStep, signal } = params;
  const { template, sampling, seed } = params.job;
  const { prefix, stop } = encodeTemplate({ template, tokenizer });

  return async (prompts, attempt) => {
    const { prefixes, order } = byPrefix(prompts.map(({ label, attribute }) => prefix(label, attribute)));
    const purpose = attempt === 0 ? 'sample' : `sample again ${attempt}`;
    const rows = order.map(
      ({ at, prefix }): GenerationRow => ({
        prefix,
        uniform: randomStream({ seed, purpose, index: prompts[at].record }),
      }),
    );
    const written = await generate({
      model,
      prefixes,
      rows,
      stop,
      settings: sampling,
      onStep: (done) => onStep({ attempt, ...done }),
      signal,
    });
    const ids = prompts.map((): number[] => []);
    order.forEach(({ at }, row) => {
      ids[at] = written[row];
    });
    return ids.map(textOf);
  };

  function textOf(ids: number[]) {
    const isEnded = ids.length < sampling.maxTokens;
    const decoded = tokenizer.decode(ids).trim();
    if (isEnded || sampling.endAtSentence !== true) return { text: decoded, isEnded, isShortened: false };
    const cut = withoutBrokenEnd(decoded);
    const text = endAtSentence(cut);
    return { text, isEnded, isShortened: text !== cut };
  }
}

/**
 * Places of prompts in the order of their prefixes: the state of one is dropped before that of the
 * next is made.
 */
function byPrefix(all: readonly (readonly number[])[]) {
  const prefixes = [...new Set(all)];
  const places = new Map(prefixes.map((ids, place) => [ids, place]));
  const order = all
    .map((ids, at) => ({ at, prefix: places.get(ids) ?? 0 }))
    .sort((a, b) => a.prefix - b.prefix);
  return { prefixes, order };
}
