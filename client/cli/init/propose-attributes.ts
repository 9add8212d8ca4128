import { randomStream } from '../../../engine/data/seeded-random.ts';
import { hasPlaceholder } from '../../../engine/data/synthetic-texts/placeholders.ts';
import { generate } from '../../../engine/language-model/generate.ts';
import type { LanguageModel } from '../../../engine/language-model/language-model.ts';
import { loadLanguageModel } from '../../../engine/language-model/load-language-model.ts';
import { openCheckpoint } from '../../../engine/language-model/load-model.ts';
import type { TextTokenizer } from '../../../engine/language-model/tokenizer.ts';
import { invalidConfig } from '../../../schemas/errors.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';

/** Lists that the model is asked for; what several of them name comes first. */
const LISTS = 6;
const TOKENS_PER_ATTRIBUTE = 12;
const MOST_TOKENS = 400;
const MOST_WORDS = 8;
/** What answers say of their own list. */
const ABOUT_LISTS = /\btopics?\b/i;
const SETTINGS = { minTokens: 1, temperature: 0.8, repetitionPenalty: 1.1, topK: 0, topP: 0.9, batch: 32 };

/**
 * Topics that the public model names for each label, at most `count`, from the description of the label
 * alone: no record is read. They are a proposal for a person to edit. A label for which the model names
 * none is left out. Throws InvalidConfig for a model without chat turns, AssetUnavailable for one that
 * was not fetched.
 */
export async function proposeAttributes(params: {
  model: string;
  descriptions: ReadonlyMap<string, string>;
  count: number;
}): Promise<Map<string, string[]>> {
  const { descriptions, count } = params;
  const source = await openCheckpoint((await locateAsset({ asset: params.model })).path);
  const lists = await listsOf({
    model: await loadLanguageModel(source),
    tokenizer: source.tokenizer,
    requests: [...descriptions.values()].map((text) => request(text, count)),
    maxTokens: Math.min(MOST_TOKENS, TOKENS_PER_ATTRIBUTE * count),
  });
  const proposals = [...descriptions.keys()].map(
    (label, i) => [label, attributesIn(lists[i]).slice(0, count)] as const,
  );
  return new Map(proposals.filter(([, attributes]) => attributes.length > 0));
}

function request(description: string, count: number): string {
  return `Name ${count} different topics for ${description}. Write a numbered list with a few words in each line, and nothing else.`;
}

/** Some answers to each request. */
async function listsOf(params: {
  model: LanguageModel;
  tokenizer: TextTokenizer;
  requests: readonly string[];
  maxTokens: number;
}): Promise<string[][]> {
  const { model, tokenizer, requests, maxTokens } = params;
  const { chat } = tokenizer;
  if (chat === null)
    throw invalidConfig('--attributes: the model knows no chat turns, so it cannot be asked for topics.');
  const rows = requests.flatMap((_, prefix) =>
    Array.from({ length: LISTS }, (_, i) => ({
      prefix,
      uniform: randomStream({ seed: 1, purpose: 'propose attributes', index: prefix * LISTS + i }),
    })),
  );
  const answers = await generate({
    model,
    prefixes: requests.map((text) => [
      ...tokenizer.beginning,
      ...tokenizer.encodeTemplate(chat.render({ request: text })),
    ]),
    rows,
    stop: chat.endOfTurn,
    settings: { ...SETTINGS, maxTokens },
  });
  const texts = answers.map((ids) => tokenizer.decode(ids));
  return requests.map((_, i) => texts.slice(i * LISTS, (i + 1) * LISTS));
}

/** The entries of numbered or marked lists, without repetitions: those that most lists name first. */
export function attributesIn(lists: readonly string[]): string[] {
  const found = new Map<string, { text: string; lists: Set<number> }>();
  lists.forEach((list, index) => {
    for (const line of list.split('\n').slice(0, -1)) {
      const text = entryOf(line);
      if (text === null) continue;
      const key = text.toLowerCase();
      const entry = found.get(key) ?? { text, lists: new Set() };
      entry.lists.add(index);
      found.set(key, entry);
    }
  });
  return [...found.values()].sort((a, b) => b.lists.size - a.lists.size).map(({ text }) => text);
}

/** The words of a line of a list; null for a line that is none, or says too much or too little. */
function entryOf(line: string): string | null {
  const [, entry] = /^\s*(?:(?:\d{1,3}[.):]|[-*•])\s+)+(.+)$/u.exec(line) ?? [];
  if (entry === undefined) return null;
  const text = entry
    .replaceAll(/[*_"“”`]/gu, '')
    .replace(/\s*[:–—(].*$/u, '')
    .replace(/[\s.,;!?]+$/u, '')
    .trim();
  const words = text.split(/\s+/u);
  const isEntry = /^[^|]*\p{L}{2}[^|]*$/u.test(text) && words.length <= MOST_WORDS && !hasPlaceholder(entry);
  return isEntry && !ABOUT_LISTS.test(text) ? text : null;
}
