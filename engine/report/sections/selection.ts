import type { SelectedLabel, SelectionSummary } from '../../../schemas/selection.ts';
import { formatCount, formatNumber } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

/** Below this share the pool hardly covers what the real records of the label are like. */
const FEW = 0.5;

const LABELLING: Record<SelectionSummary['labelling'], Markup> = {
  agree: html`A text is kept if the teacher gives it the label that it was prompted with.`,
  relabel: html`A text gets the label that the teacher gives it.`,
  soft: html`A text gets the probabilities of its labels from the teacher, as <code>label_probabilities</code>.`,
};

/**
 * Shows how many sampled texts the DP teacher confirmed, by label, and warns of labels that the
 * pool covers badly.
 */
export function selectionSection({ selection, statement }: ReportData): Section | null {
  if (selection === undefined) return null;
  const { labels } = selection;
  const few = labels.filter(({ agreed, pool }) => pool > 0 && agreed < FEW);
  const noise = statement.facts.find(([name]) => name === 'noise multiplier of the selection')?.[1];
  return {
    id: 'selection',
    title: 'Selection by the DP teacher',
    body: html`<p>A teacher learned from the real records with differential privacy, and judged each sampled text. ${LABELLING[selection.labelling]}${noise === undefined ? '' : ` Its statistics have the noise multiplier ${noise}.`}</p>
${scrollBox('Selection by label', html`<table><thead><tr><th scope="col">label</th><th scope="col">texts sampled</th><th scope="col">confirmed by the teacher</th><th scope="col">records kept</th></tr></thead><tbody>${labels.map(row)}</tbody></table>`)}
${few.length === 0 ? '' : html`<p class="warning">The teacher confirms fewer than half of the texts of ${few.map(({ label }) => label).join(', ')}. The prompts may miss what the real records of ${few.length === 1 ? 'this label' : 'these labels'} are about: add attributes to <code>template.attributes</code>, or improve the descriptions.</p>`}`,
  };
}

function row({ label, pool, agreed, kept }: SelectedLabel) {
  return html`<tr><th scope="row"><bdi>${label}</bdi></th><td>${formatCount(pool)}</td><td>${pool === 0 ? '–' : `${formatNumber(100 * agreed)}%`}</td><td>${formatCount(kept)}</td></tr>`;
}
