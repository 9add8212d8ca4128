import { invalidConfig } from '../../schemas/errors.ts';
import type { TemplateConfig } from '../../schemas/settings/template.ts';
import type { TextTokenizer } from '../language-model/tokenizer.ts';

/** A template in the tokens of one model. */
export type EncodedTemplate = {
  /** Ids before a record of the given label, with those that the model expects at its beginning. They carry no loss. */
  prefix(label: string): readonly number[];
  /** The token that ends a record: generation stops at it, and whole records are trained to end with it. */
  stop: number;
};

/**
 * What training and sampling put around a record. Throws InvalidConfig where the model knows no chat turns or no end of text,
 * or where a label lacks its description.
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
      'The model knows no chat turns (ChatML, Llama 3 or Gemma): set template.form to "prefix".',
    );
  return (label) => {
    if (!Object.hasOwn(template.descriptions, label))
      throw invalidConfig(`template.descriptions lacks "${label}": each label of corpus.labels needs one.`);
    const description = template.descriptions[label];
    // By a function: in a replacement text, $ begins a pattern.
    const request = template.instruction.replaceAll('{description}', () => description);
    return chat.render({ system: template.system, request });
  };
}

function stopToken({ form }: TemplateConfig, { chat, endOfText }: TextTokenizer): number {
  const stop = form === 'chat' ? chat?.endOfTurn : endOfText;
  if (stop === undefined || stop === null)
    throw invalidConfig(
      'The tokenizer names no token that ends a text, by which a record could end: take another model.',
    );
  return stop;
}
