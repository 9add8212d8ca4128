import { PLAIN_INSTRUCTION, type TemplateConfig } from '../../schemas/settings/template.ts';

/**
 * The template with one prompt per label, which training and measures use: an attribute would say more of a
 * real record than its label, and nobody has declared that. A template without attributes is returned as it
 * is, so that digests of it stay.
 */
export function plainTemplate(template: TemplateConfig): TemplateConfig {
  if (template.form !== 'chat' || template.attributes === undefined) return template;
  const { attributes: _, plainShare: _s, plainInstruction = PLAIN_INSTRUCTION, ...plain } = template;
  return { ...plain, instruction: plainInstruction };
}
