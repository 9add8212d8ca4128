import { formatNumber } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import type { Section } from '../sections/section.ts';

/** Returns the privacy statement of each run and the total privacy loss of the runs over one corpus. */
export function statementsSection(runs: readonly ReportData[]): Section {
  const corpora = [...new Set(runs.map(({ config }) => config.corpus.source))];
  return {
    id: 'privacy',
    title: 'Privacy',
    body: html`<dl class="statements">${runs.map(
      ({ run, statement }) => html`<dt><bdi>${run}</bdi></dt><dd>${statement.line}</dd>`,
    )}</dl>
<h3>All runs together</h3>
<p>Each statement covers its own run only. Anyone who sees several runs over the same records learns from all of them: the privacy losses add up.</p>
<ul>${corpora.map((corpus) => html`<li><bdi>${corpus}</bdi>: ${together(runs.filter(({ config }) => config.corpus.source === corpus))}</li>`)}</ul>`,
  };
}

/** Adds up by basic composition, which always holds but is not tight. */
function together(runs: readonly ReportData[]): string {
  if (runs.some(({ config }) => config.privacy.epsilon === 'none'))
    return 'no guarantee, because at least one run has no differential privacy.';
  const epsilon = runs.reduce((sum, { config }) => sum + Number(config.privacy.epsilon), 0);
  const delta = runs.reduce((sum, { plan }) => sum + (plan.delta ?? 0), 0);
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return `${count}, at most (${formatNumber(epsilon)}, ${formatNumber(delta)})-DP by basic composition.`;
}
