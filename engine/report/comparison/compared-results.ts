import { describeAdapter } from '../describe-adapter.ts';
import { formatCount, formatInterval, formatMean } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { MEASURES } from '../sections/measures.ts';
import { missingScores } from '../sections/results.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { classifierName } from './classifier-name.ts';
import { runHead } from './run-head.ts';
import type { UnfinishedRun } from './unfinished-run.ts';

/**
 * Returns the scores of each run's synthetic corpus. A missing, withheld or failed result shows its reason
 * instead.
 */
export function comparedResults(runs: readonly ReportData[], unfinished: readonly UnfinishedRun[]): Section {
  const wide = MEASURES.length + 1;
  const table = html`<table class="runs">
<caption>Scores on real test records of a classifier trained on the synthetic texts of each run. Mean ± deviation over seeds; below it the bootstrap interval.</caption>
<thead><tr><th scope="col">Run</th><th scope="col">Method</th>${MEASURES.map(
    ({ name }) => html`<th scope="col" class="num">${name}</th>`,
  )}<th scope="col" class="num">Records</th></tr></thead>
<tbody>${runs.map(
    (data) =>
      html`<tr>${runHead(data)}<td class="method"><bdi>${data.config.model}</bdi><small>${describeAdapter(data.config.training.adapter)}</small><small>classifier: ${classifierName(data.config.classifier)}</small></td>${cells(data, wide)}</tr>`,
  )}${unfinished.map(
    ({ run, why }) =>
      html`<tr class="missing"><th scope="row"><bdi>${run}</bdi></th><td colspan="${wide + 1}"><span class="why">no result: ${why}</span></td></tr>`,
  )}</tbody></table>`;
  return { id: 'results', title: 'Results', body: scrollBox('Results of the runs', table) };
}

function cells(data: ReportData, wide: number): Markup {
  const row = data.scores?.rows.find(({ source }) => source === 'synthetic');
  if (row === undefined) {
    const why =
      data.scores === null
        ? missingScores(data)
        : `missing: ${data.scores.missing.find(({ source }) => source === 'synthetic')?.why ?? 'not part of this run'}`;
    return html`<td colspan="${wide}"><span class="why">${why}</span></td>`;
  }
  return html`${MEASURES.map(
    ({ key }) =>
      html`<td class="num">${formatMean(row.mean[key], row.deviation[key])}<small>${formatInterval(row.intervals[key])}</small></td>`,
  )}<td class="num">${formatCount(row.trainingRecords)}</td>`;
}
