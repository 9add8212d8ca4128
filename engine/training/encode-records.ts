import type { LabelledText } from '../../schemas/records.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import type { TrainingConfig } from '../../schemas/settings/training.ts';
import { encodeTemplate } from '../data/record-template.ts';
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
  /** prefix: the loss is on the text alone. full: on the prefix as well, but for its first token, which nothing predicts. */
  objective: TrainingConfig['objective'];
}): EncodedRecord[] {
  const { records, template, tokenizer, maxTokens, objective } = params;
  const { prefix: prefixOf, stop } = encodeTemplate({ template, tokenizer });
  return records.map(({ text, label }) => {
    const prefix = prefixOf(label);
    const target = [...tokenizer.encode(text), stop].slice(0, maxTokens);
    return { ids: [...prefix, ...target], prefixLength: objective === 'full' ? 1 : prefix.length };
  });
}
