import type { ScoreRow, Scores } from '../../../schemas/scores.ts';
import { formatCount, formatInterval, formatMean, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { SOURCES, syntheticMeans, syntheticName } from '../words.ts';
import { differenceTable } from './difference-table.ts';
import { directBudget } from './direct-budget.ts';
import { intervalChart } from './interval-chart.ts';
import { MEASURES } from './measures.ts';
import { type Section, scrollBox } from './section.ts';

export const WITHHELD_SCORES =
  'This version has no scores: the test set is private, so no number computed from it is released.';

const NO_PRIVACY =
  'This run has no differential privacy: its scores and synthetic records are computed from private records without protection, so none are released.';

/** Returns the result table with its chart. A missing row shows its reason. */
export function resultsSection(data: ReportData): Section {
  const { scores } = data;
  const body = scores === null ? html`<p class="note">${missingScores(data)}</p>` : results(scores, data);
  return { id: 'results', title: 'Results', body };
}

/** Returns why a page or a card has no scores. */
export function missingScores(data: ReportData): string {
  const { corpus, privacy } = data.config;
  if (data.version === 'release' && privacy.epsilon === 'none') return NO_PRIVACY;
  return data.version === 'release' && !corpus.testSetIsPublic ? WITHHELD_SCORES : 'This run has no scores.';
}

function results(scores: Scores, data: ReportData): Markup {
  const { epsilon } = data.config.privacy;
  const percent = `${Number((scores.confidence * 100).toFixed(2))}%`;
  const table = html`<table class="results">
<caption>The same classifier, trained on each row's texts and scored on ${formatCount(
    scores.testRecords,
  )} real test records. Mean ± deviation over seeds; below it the ${percent} bootstrap interval.</caption>
<thead><tr><th scope="col">Trained on</th>${MEASURES.map(
    ({ name }) => html`<th scope="col" class="num">${name}</th>`,
  )}<th scope="col" class="num">Records</th></tr></thead>
<tbody>${SOURCES.map(({ source, name, means }) => {
    const row = scores.rows.find((candidate) => candidate.source === source);
    const label = source === 'synthetic' ? syntheticName(epsilon) : name;
    const said = source === 'synthetic' ? syntheticMeans(data) : means;
    const head = html`<th scope="row">${label}<small>${said}</small></th>`;
    if (row !== undefined) return html`<tr class="${source}">${head}${cells(row)}</tr>`;
    const why = scores.missing.find((entry) => entry.source === source)?.why ?? 'not part of this run';
    return html`<tr class="missing">${head}<td colspan="4"><span class="why">missing: ${why}</span></td></tr>`;
  })}</tbody></table>`;
  return html`${intervalChart(scores, epsilon)}${scrollBox('Result table', table)}${seedTable(scores)}${differenceTable(scores)}${directBudget(scores.rows)}`;
}

function cells(row: ScoreRow): Markup {
  const measures = MEASURES.map(
    ({ key }) =>
      html`<td class="num">${formatMean(row.mean[key], row.deviation[key])}<small>${formatInterval(
        row.intervals[key],
      )}</small></td>`,
  );
  return html`${measures}<td class="num">${row.trainingRecords === 0 ? '–' : formatCount(row.trainingRecords)}</td>`;
}

/** Returns the scores of every seed, so that a mean can be checked. */
function seedTable(scores: Scores): Markup {
  const seeded = scores.rows.filter((row) => row.seeds.length > 1);
  if (seeded.length === 0) return html``;
  const table = html`<table><thead><tr><th scope="col">Trained on</th><th scope="col" class="num">Seed</th>${MEASURES.map(
    ({ name }) => html`<th scope="col" class="num">${name}</th>`,
  )}</tr></thead><tbody>${seeded.map((row) =>
    row.seeds.map(
      ({ seed, metrics }) =>
        html`<tr><td>${row.source}</td><td class="num">${seed}</td>${MEASURES.map(
          ({ key }) => html`<td class="num">${formatScore(metrics[key])}</td>`,
        )}</tr>`,
    ),
  )}</tbody></table>`;
  return html`<details><summary>Scores of each seed</summary>${scrollBox('Table of the scores of each seed', table)}</details>`;
}
