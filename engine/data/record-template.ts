import { invalidConfig } from '../../schemas/errors.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import type { TextTokenizer } from '../language-model/tokenizer.ts';
import { plainTemplate } from './plain-template.ts';

/** A template as token ids of one model. */
export type EncodedTemplate = {
  /**
   * Returns the ids before a record of a label, including those that the model expects at the beginning. They
   * carry no loss. Without an attribute they are those of the plain prompt.
   */
  prefix(label: string, attribute?: string): readonly number[];
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
    prefix(label, attribute) {
      const key = JSON.stringify([label, attribute]);
      const known = prefixes.get(key);
      if (known) return known;
      const prefix = [...tokenizer.beginning, ...tokenizer.encodeTemplate(render(label, attribute))];
      prefixes.set(key, prefix);
      return prefix;
    },
  };
}

type Render = (label: string, attribute?: string) => string;

function renderer(template: TemplateConfig, { chat }: TextTokenizer): Render {
  if (template.form === 'prefix') return (label) => `[${template.task}][${label}]: `;
  if (chat === null)
    throw invalidConfig(
      'The model has no known chat format (ChatML, Llama 3 or Gemma): set template.form to "prefix".',
    );
  const { system } = template;
  return (label, attribute) => chat.render({ system, request: requestOf(template, label, attribute) });
}

/**
 * The request of a chat template for a text of a label. Throws InvalidConfig for a label
 * without a description.
 */
export function requestOf(template: ChatTemplate, label: string, attribute?: string): string {
  if (!Object.hasOwn(template.descriptions, label))
    throw invalidConfig(`template.descriptions lacks "${label}": each label of corpus.labels needs one.`);
  const description = template.descriptions[label];
  const { instruction } = attribute === undefined ? (plainTemplate(template) as ChatTemplate) : template;
  // In one pass and by a function: what is put in is no pattern, and nothing is put into it.
  return instruction.replaceAll(/\{(description|attribute)\}/g, (place, name) =>
    name === 'description' ? description : (attribute ?? place),
  );
}

export type ChatTemplate = Extract<TemplateConfig, { form: 'chat' }>;

function stopToken({ form }: TemplateConfig, { chat, endOfText }: TextTokenizer): number {
  const stop = form === 'chat' ? chat?.endOfTurn : endOfText;
  if (stop === undefined || stop === null)
    throw invalidConfig('The tokenizer has no end-of-text token, which ends a record: use another model.');
  return stop;
}
