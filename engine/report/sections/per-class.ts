import type { ScoreRow } from '../../../schemas/scores.ts';
import { finite, formatCount, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

/** Precision and recall of each label, and the confusion matrix, for the classifier trained on synthetic texts. */
export function perClassSection(data: ReportData): Section | null {
  const row = data.scores?.rows.find((candidate) => candidate.source === 'synthetic');
  if (data.scores === null || row === undefined) return null;
  return {
    id: 'labels',
    title: 'Label by label',
    body: html`${perClassTable(row)}${confusionTable(data.scores.labels, row)}`,
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

function confusionTable(labels: readonly string[], row: ScoreRow): Markup {
  const table = html`<table class="confusion">
<caption>Confusion matrix: one line for each true label, one column for each predicted label. Share of the line in percent, stronger colour is more.</caption>
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
