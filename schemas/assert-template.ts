import { invalidConfig } from './errors.ts';
import type { ExperimentConfig } from './experiment.ts';
import { listNames } from './list-names.ts';

/**
 * Checks what spans several fields of a template. Throws InvalidConfig for labels without a description,
 * descriptions or attributes of unknown labels, and an instruction that does not fit the attributes.
 */
export function assertTemplate({ template, corpus: { labels } }: ExperimentConfig): void {
  if (template.form !== 'chat') return;
  const { instruction, descriptions, attributes, plainInstruction, plainShare } = template;
  const missing = labels.filter((label) => !Object.hasOwn(descriptions, label));
  if (missing.length > 0)
    throw invalidConfig(`template.descriptions lacks ${listNames(missing)}. Each label needs a description.`);
  assertKnown(descriptions, 'template.descriptions', labels);
  if (attributes === undefined) {
    if (instruction.includes('{attribute}'))
      throw invalidConfig('template.instruction contains {attribute}, but there are no template.attributes.');
    if (plainInstruction !== undefined || plainShare !== undefined)
      throw invalidConfig(
        'template.plainInstruction and template.plainShare go with template.attributes, which this template does not have.',
      );
    return;
  }
  assertKnown(attributes, 'template.attributes', labels);
  if (!instruction.includes('{attribute}'))
    throw invalidConfig(
      'template.instruction must contain {attribute}, the place of template.attributes, as in "Write {description} about {attribute}."',
    );
}

function assertKnown(values: Record<string, unknown>, place: string, labels: readonly string[]): void {
  const unknown = Object.keys(values).filter((label) => !labels.includes(label));
  if (unknown.length > 0)
    throw invalidConfig(`${place} has ${listNames(unknown)}, which corpus.labels does not have.`);
}
