import { invalidConfig } from '../../schemas/errors.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import type { TextTokenizer } from '../language-model/tokenizer.ts';

/** A template as token ids of one model. */
export type EncodedTemplate = {
  /**
   * Returns the ids before a record of a label, including those that the model expects at the beginning. They
   * carry no loss.
   */
  prefix(label: string): readonly number[];
  /** The token that ends a record. Generation stops at it, and training ends complete records with it. */
  stop: number;
};

/**
 * Returns the tokens that training and sampling put around a record. Throws InvalidConfig if the model has no
 * chat format or no end-of-text token, or if a label has no description.
 */
export function encodeTemplate(params: {
  template: TemplateConfig;
  tokenizer: TextTokenizer;
}): EncodedTemplate {
  const { template, tokenizer } = params;
  const render = renderer(template, tokenizer);
  const prefixes = new Map<string, readonly number[]>();
  return {
    stop: stopToken(template, tokenizer),
    prefix(label) {
      const known = prefixes.get(label);
      if (known) return known;
      const prefix = [...tokenizer.beginning, ...tokenizer.encodeTemplate(render(label))];
      prefixes.set(label, prefix);
      return prefix;
    },
  };
}

function renderer(template: TemplateConfig, { chat }: TextTokenizer): (label: string) => string {
  if (template.form === 'prefix') return (label) => `[${template.task}][${label}]: `;
  if (chat === null)
    throw invalidConfig(
      'The model has no known chat format (ChatML, Llama 3 or Gemma): set template.form to "prefix".',
    );
  return (label) => {
    if (!Object.hasOwn(template.descriptions, label))
      throw invalidConfig(`template.descriptions lacks "${label}": each label of corpus.labels needs one.`);
    const description = template.descriptions[label];
    // Replaced by a function, because $ begins a pattern in a replacement string.
    const request = template.instruction.replaceAll('{description}', () => description);
    return chat.render({ system: template.system, request });
  };
}

function stopToken({ form }: TemplateConfig, { chat, endOfText }: TextTokenizer): number {
  const stop = form === 'chat' ? chat?.endOfTurn : endOfText;
  if (stop === undefined || stop === null)
    throw invalidConfig('The tokenizer has no end-of-text token, which ends a record: use another model.');
  return stop;
}
