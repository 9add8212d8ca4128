import type { LabelledText } from '../../schemas/records.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import type { TrainingConfig } from '../../schemas/settings/training.ts';
import { encodeTemplate } from '../data/record-template.ts';
import type { TextTokenizer } from '../language-model/tokenizer.ts';

/** One record as the model reads it: `ids` begins with `prefixLength` tokens without loss. */
export type EncodedRecord = { ids: number[]; prefixLength: number };

/**
 * Encodes records after the prefix of their label. Keeps at most `maxTokens` target tokens, a public
 * constant, because a limit derived from private lengths would cost budget. A record that fits ends with the
 * stop token.
 */
export function encodeRecords(params: {
  records: readonly LabelledText[];
  template: TemplateConfig;
  tokenizer: TextTokenizer;
  maxTokens: number;
  /**
   * `prefix`: loss on the text alone. `full`: loss also on the prefix, except its first token, which has no
   * context.
   */
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
