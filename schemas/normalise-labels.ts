import { invalidConfig } from './errors.ts';
import type { ExperimentConfig } from './experiment.ts';
import { listNames } from './list-names.ts';
import { normaliseLabel } from './normalise-label.ts';
import type { TemplateConfig } from './settings/template.ts';

/**
 * Returns the experiment with every label in the form in which records are compared with it. Throws
 * InvalidConfig if labels are empty or equal in that form.
 */
export function normaliseLabels(config: ExperimentConfig): ExperimentConfig {
  const { corpus, template, sampling } = config;
  const labels = assertDistinct(corpus.labels.map(normaliseLabel), 'corpus.labels');
  return {
    ...config,
    corpus: { ...corpus, labels },
    template: ofTemplate(template),
    sampling: {
      ...sampling,
      labels: sampling.labels === 'uniform' ? 'uniform' : byLabel(sampling.labels, 'sampling.labels'),
    },
  };
}

function ofTemplate(template: TemplateConfig): TemplateConfig {
  if (template.form !== 'chat') return template;
  const { descriptions, attributes } = template;
  return {
    ...template,
    descriptions: byLabel(descriptions, 'template.descriptions'),
    // An absent field stays absent: digests of experiments are of their JSON.
    ...(attributes === undefined ? {} : { attributes: byLabel(attributes, 'template.attributes') }),
  };
}

function byLabel<T>(values: Record<string, T>, place: string): Record<string, T> {
  const entries = Object.entries(values).map(([label, value]) => [normaliseLabel(label), value] as const);
  assertDistinct(
    entries.map(([label]) => label),
    place,
  );
  return Object.fromEntries(entries);
}

function assertDistinct(labels: string[], place: string): string[] {
  if (labels.includes('')) throw invalidConfig(`${place} has an empty label, or one of white space only.`);
  // Zod drops this key from every object, so the label could have no description or proportion.
  if (labels.includes('__proto__')) throw invalidConfig(`${place}: __proto__ cannot be a label. Rename it.`);
  const twice = [...new Set(labels.filter((label, i) => labels.indexOf(label) !== i))];
  if (twice.length > 0)
    throw invalidConfig(
      `${place} names a label twice: ${listNames(twice)}. Labels that differ in white space or in how ` +
        'accents are encoded are the same.',
    );
  return labels;
}
