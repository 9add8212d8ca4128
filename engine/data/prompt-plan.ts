import { PLAIN_SHARE, type TemplateConfig } from '../../schemas/settings/template.ts';
import type { LabelShare } from './label-plan.ts';

/**
 * What one synthetic record is asked for: `attribute` is one of the public list of its label, and absent from
 * the plain prompt.
 */
export type Prompt = { record: number; label: string; attribute?: string };

/**
 * The prompts of the records of some shares, in the order of the records. A record's attribute follows from
 * its place among the records of its label in the whole corpus: plain prompts are spread evenly over them,
 * and the others take the attributes in turn. So each attribute of a label gets the same number of records,
 * give or take one, whatever the shards are.
 */
export function promptsOf(params: { template: TemplateConfig; shares: readonly LabelShare[] }): Prompt[] {
  return params.shares.flatMap(({ label, first, before, count }) => {
    const attributeOf = attributes(params.template, label);
    return Array.from({ length: count }, (_, i) => {
      const attribute = attributeOf(before + i);
      return { record: first + i, label, ...(attribute === undefined ? {} : { attribute }) };
    });
  });
}

/** The attribute of each record of a label, by its place among them; undefined for the plain prompt. */
function attributes(template: TemplateConfig, label: string): (place: number) => string | undefined {
  if (template.form !== 'chat' || template.attributes === undefined) return () => undefined;
  const { attributes, plainShare = PLAIN_SHARE } = template;
  if (!Object.hasOwn(attributes, label)) return () => undefined;
  const list = attributes[label];
  const plainAmong = (records: number) => Math.floor(records * plainShare);
  return (place) => {
    const plain = plainAmong(place);
    return plainAmong(place + 1) > plain ? undefined : list[(place - plain) % list.length];
  };
}
