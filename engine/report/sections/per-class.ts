import type { ScoreRow } from '../../../schemas/scores.ts';
import { finite, formatCount, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { SOURCES } from '../words.ts';
import { type Section, scrollBox } from './section.ts';

/**
 * Returns precision and recall per label for the classifier trained on synthetic texts, and the confusion
 * matrix of every row.
 */
export function perClassSection(data: ReportData): Section | null {
  const row = data.scores?.rows.find((candidate) => candidate.source === 'synthetic');
  if (data.scores === null || row === undefined) return null;
  const { labels, rows } = data.scores;
  const others = rows.filter((other) => other !== row);
  return {
    id: 'labels',
    title: 'Label by label',
    body: html`${perClassTable(row)}
<h3>Confusion matrix</h3>
<p class="note">One row per true label, one column per predicted label. Each cell is a percentage of its row; a stronger colour means more.</p>
${confusionTable(labels, row)}${others.map((other) => folded(labels, other))}`,
  };
}

function perClassTable(row: ScoreRow): Markup {
  const table = html`<table>
<caption>The classifier trained on synthetic texts, on the real test set. All seeds together.</caption>
<thead><tr><th scope="col">Label</th><th scope="col" class="num">Test records</th><th scope="col" class="num">Precision</th><th scope="col" class="num">Recall</th></tr></thead>
<tbody>${row.perClass.map(
    (entry) =>
      html`<tr><th scope="row"><bdi>${entry.label}</bdi></th><td class="num">${formatCount(
        entry.support,
      )}</td><td class="num">${formatScore(entry.precision)}</td><td class="num">${meter(entry.recall)}${formatScore(
        entry.recall,
      )}</td></tr>`,
  )}</tbody></table>`;
  return scrollBox('Precision and recall of each label', table);
}

function meter(value: number | null): Markup {
  return html`<span class="meter" aria-hidden="true"><i style="width:${Math.round((finite(value) ?? 0) * 100)}%"></i></span>`;
}

function folded(labels: readonly string[], row: ScoreRow): Markup {
  const name = SOURCES.find(({ source }) => source === row.source)?.name ?? row.source;
  return html`<details><summary>Confusion matrix: ${name}</summary>${confusionTable(labels, row)}</details>`;
}

function confusionTable(labels: readonly string[], row: ScoreRow): Markup {
  const table = html`<table class="confusion">
<thead><tr><th scope="col">True \\ predicted</th>${labels.map(
    (label) => html`<th scope="col"><span><bdi>${label}</bdi></span></th>`,
  )}</tr></thead>
<tbody>${labels.map((label, truth) => {
    const counts = row.confusion[truth] ?? [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    return html`<tr><th scope="row"><bdi>${label}</bdi></th>${labels.map((_, predicted) =>
      heatCell(counts[predicted] ?? 0, total, truth === predicted),
    )}</tr>`;
  })}</tbody></table>`;
  return scrollBox('Confusion matrix', table);
}

function heatCell(count: number, total: number, right: boolean): Markup {
  if (total === 0) return html`<td class="num">–</td>`;
  const share = count / total;
  return html`<td class="${right ? 'num right' : 'num'}" style="--heat:${Math.round(share * 100)}%" title="${formatCount(
    count,
  )} of ${formatCount(total)}">${Math.round(share * 100)}</td>`;
}
