import type { Difference, Scores } from '../../../schemas/scores.ts';
import { formatDifference, NOT_DEFINED } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { Interval } from '../report-data.ts';
import { verdictOf } from '../verdict.ts';
import { SOURCES } from '../words.ts';
import { MEASURES } from './measures.ts';
import { scrollBox } from './section.ts';

/**
 * Returns the synthetic row minus every other row, each with its interval and verdict. Empty if there are
 * none.
 */
export function differenceTable({ differences = [], confidence, testRecords }: Scores): Markup {
  if (differences.length === 0) return html``;
  const percent = `${Number((confidence * 100).toFixed(2))}%`;
  const table = html`<table>
<caption>Difference of the means over seeds, on the same ${testRecords.toLocaleString('en-US')} test records; below it the ${percent} interval of a paired bootstrap. “Clearly” means that the interval of balanced accuracy excludes 0. The interval does not include the extra variation from other seeds or another synthetic corpus.</caption>
<thead><tr><th scope="col">Synthetic minus</th><th scope="col">Synthetic is</th>${MEASURES.map(
    ({ name }) => html`<th scope="col" class="num">${name}</th>`,
  )}</tr></thead>
<tbody>${differences.map(
    (difference) =>
      html`<tr><th scope="row">${nameOf(difference)}</th><td class="${verdictOf(difference).replaceAll(' ', '-')}">${verdictOf(difference)}</td>${MEASURES.map(
        ({ key }) =>
          html`<td class="num">${formatDifference(difference.mean[key])}<small>${range(difference.intervals[key])}</small></td>`,
      )}</tr>`,
  )}</tbody></table>`;
  return html`<h3>Differences</h3>${scrollBox('Differences from the synthetic row', table)}`;
}

function nameOf({ minus }: Difference): string {
  return SOURCES.find(({ source }) => source === minus)?.name ?? minus;
}

function range(interval: Interval | null): string {
  if (interval === null) return NOT_DEFINED;
  return `${formatDifference(interval.low)} to ${formatDifference(interval.high)}`;
}
