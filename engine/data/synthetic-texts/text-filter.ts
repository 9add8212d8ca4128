import type { SamplingFilter } from '../../../schemas/settings/sampling.ts';
import type { TemplateConfig } from '../../../schemas/settings/template.ts';
import type { FilterRule } from '../../../schemas/text-counts.ts';
import { duplicateKey } from '../normalise-text.ts';
import type { Prompt } from '../prompt-plan.ts';
import { requestOf } from '../record-template.ts';
import { leakFinder } from './instruction-leak.ts';
import { hasPlaceholder } from './placeholders.ts';

/**
 * Says why a text falls away, or null for one that stays. It then counts as seen: the next of equal text
 * is a duplicate.
 */
export type TextFilter = (text: string, prompt: Prompt) => FilterRule | null;

/**
 * Public rules on texts that a model wrote. They look at the texts, at the settings and at nothing private,
 * so texts of a model that was trained with DP keep their guarantee.
 */
export function createTextFilter(params: {
  filter: SamplingFilter | undefined;
  template: TemplateConfig;
}): TextFilter {
  const { filter, template } = params;
  if (filter === undefined) return () => null;
  const leaks = requestLeaks(template);
  const seen = new Set<string>();
  return (text, prompt) => {
    // A mark alone says nothing; an emoji or a sum does.
    if (filter.empty && !/[\p{L}\p{N}\p{S}]/u.test(text)) return 'empty';
    if (filter.placeholders && hasPlaceholder(text)) return 'placeholder';
    if (filter.instructions && leaks(text, prompt)) return 'instruction';
    const key = duplicateKey(text);
    if (filter.duplicates && seen.has(key)) return 'duplicate';
    seen.add(key);
    return null;
  };
}

/** Only a chat template has a request that a text could repeat. */
function requestLeaks(template: TemplateConfig): (text: string, prompt: Prompt) => boolean {
  if (template.form !== 'chat') return () => false;
  const finders = new Map<string, (text: string) => boolean>();
  return (text, { label, attribute }) => {
    const request = requestOf(template, label, attribute);
    const finder = finders.get(request) ?? leakFinder(request);
    finders.set(request, finder);
    return finder(text);
  };
}
