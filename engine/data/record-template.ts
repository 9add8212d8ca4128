import { invalidConfig } from '../../schemas/errors.ts';
import type { TemplateConfig } from '../../schemas/experiment.ts';

/**
 * The text before a record of the given label. It may hold special tokens of the model, so tokenize it with
 * special tokens parsed. Records themselves never are.
 */
export function renderPrefix(params: { template: TemplateConfig; label: string }): string {
  const { template, label } = params;
  if (template.form === 'prefix') return `[${template.task}][${label}]: `;
  const description = template.descriptions[label];
  if (description === undefined)
    throw invalidConfig(`template.descriptions lacks "${label}": each label of corpus.labels needs one.`);
  const request = template.instruction.replaceAll('{description}', description);
  const system = template.system === undefined ? '' : `<|im_start|>system\n${template.system}<|im_end|>\n`;
  return `${system}<|im_start|>user\n${request}<|im_end|>\n<|im_start|>assistant\n`;
}

/** The special token that ends a record: generation stops at it, and whole records are trained to end with it. */
export function stopToken(template: TemplateConfig): string {
  return template.form === 'prefix' ? '<|endoftext|>' : '<|im_end|>';
}
