import { formatInterval, formatMean } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { missingScores } from '../sections/results.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { runHead } from './run-head.ts';
import { sourcesOf } from './sources-of.ts';

/** Returns the balanced accuracy of every row of every run: the baselines of the synthetic corpora. */
export function baselinesSection(runs: readonly ReportData[]): Section {
  const whys: string[] = [];
  const sources = sourcesOf(runs);
  const lines = runs.map((data) => html`<tr>${runHead(data)}${line(data, sources, whys)}</tr>`);
  const table = html`<table class="runs">
<caption>Balanced accuracy on the real test set, by training data. Mean ± deviation over seeds; below it the bootstrap interval.</caption>
<thead><tr><th scope="col">Run</th>${sources.map(
    ({ name }) => html`<th scope="col" class="num">${name}</th>`,
  )}</tr></thead>
<tbody>${lines}</tbody></table>`;
  const notes = whys.map((why) => html`<li>${why}</li>`);
  return {
    id: 'baselines',
    title: 'Baselines',
    body: html`${scrollBox('Baselines of the runs', table)}${notes.length === 0 ? '' : html`<ol class="notes">${notes}</ol>`}`,
  };
}

/**
 * Adds the reasons for missing cells to `whys`. Many cells share one, so the reasons are listed below the
 * table.
 */
function line(
  { scores, ...data }: ReportData,
  sources: ReturnType<typeof sourcesOf>,
  whys: string[],
): Markup {
  if (scores === null)
    return html`<td colspan="${sources.length}"><span class="why">${missingScores({ ...data, scores })}</span></td>`;
  return html`${sources.map(({ source }) => {
    const row = scores.rows.find((candidate) => candidate.source === source);
    if (row !== undefined)
      return html`<td class="num">${formatMean(row.mean.balancedAccuracy, row.deviation.balancedAccuracy)}<small>${formatInterval(row.intervals.balancedAccuracy)}</small></td>`;
    const why = scores.missing.find((entry) => entry.source === source)?.why ?? 'not part of this run';
    if (!whys.includes(why)) whys.push(why);
    return html`<td class="num gap">missing <sup>${whys.indexOf(why) + 1}</sup></td>`;
  })}`;
}
