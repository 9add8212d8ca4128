import { formatNumber } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import type { Section } from '../sections/section.ts';

/** The privacy statement of each run, and what the runs over one corpus spend together. */
export function statementsSection(runs: readonly ReportData[]): Section {
  const corpora = [...new Set(runs.map(({ config }) => config.corpus.source))];
  return {
    id: 'privacy',
    title: 'Privacy',
    body: html`<dl class="statements">${runs.map(
      ({ run, statement }) => html`<dt><bdi>${run}</bdi></dt><dd>${statement.line}</dd>`,
    )}</dl>
<h3>Together</h3>
<p>Each statement is for its run alone. Whoever sees several runs over the same records learns from all of them: their losses add up.</p>
<ul>${corpora.map((corpus) => html`<li><bdi>${corpus}</bdi>: ${together(runs.filter(({ config }) => config.corpus.source === corpus))}</li>`)}</ul>`,
  };
}

/** Basic composition: true whatever the runs have in common, and not tight. */
function together(runs: readonly ReportData[]): string {
  if (runs.some(({ config }) => config.privacy.epsilon === 'none'))
    return 'no guarantee, since a run without differential privacy is among them.';
  const epsilon = runs.reduce((sum, { config }) => sum + Number(config.privacy.epsilon), 0);
  const delta = runs.reduce((sum, { plan }) => sum + (plan.delta ?? 0), 0);
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return `${count}, at most (${formatNumber(epsilon)}, ${formatNumber(delta)})-DP by basic composition.`;
}
