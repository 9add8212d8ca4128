import type { TemplateConfig } from '../../schemas/experiment.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { renderPrefix, stopToken } from '../data/record-template.ts';
import type { TextTokenizer } from '../language-model/tokenizer.ts';

/** One record as the model sees it: `ids` begins with `prefixLength` tokens that carry no loss. */
export type EncodedRecord = { ids: number[]; prefixLength: number };

/**
 * Encodes records behind the prefix of their label. At most `maxTokens` target tokens are kept: a public constant,
 * since a limit that was read off private lengths would cost budget. A record that fits ends with the stop token.
 */
export function encodeRecords(params: {
  records: readonly LabelledText[];
  template: TemplateConfig;
  tokenizer: TextTokenizer;
  maxTokens: number;
}): EncodedRecord[] {
  const { records, template, tokenizer, maxTokens } = params;
  const stop = tokenizer.special(stopToken(template));
  const prefixes = new Map<string, number[]>();
  return records.map(({ text, label }) => {
    const prefix = prefixes.get(label) ?? tokenizer.encodeTemplate(renderPrefix({ template, label }));
    prefixes.set(label, prefix);
    const target = [...tokenizer.encode(text), stop].slice(0, maxTokens);
    return { ids: [...prefix, ...target], prefixLength: prefix.length };
  });
}
