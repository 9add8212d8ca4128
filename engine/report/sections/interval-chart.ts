import type { Scores } from '../../../schemas/scores.ts';
import { finite, formatInterval, formatScore } from '../format.ts';
import { html, type Markup, trusted } from '../html.ts';
import type { Interval } from '../report-data.ts';
import { SOURCES, syntheticName } from '../words.ts';

const ROW = 46;
const TOP = 6;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

// Percent positions and pixel sizes: the picture stretches with the page while its words keep their size.
const x = (value: number): string => `${(1.5 + 97 * Math.min(1, Math.max(0, value))).toFixed(2)}%`;

/** Balanced accuracy of each row: a dot for the mean over seeds, a bar for the interval. An upright tick marks chance. */
export function intervalChart(scores: Scores, epsilon: number | 'none'): Markup {
  const shown = SOURCES.flatMap(({ source, name }) => {
    const row = scores.rows.find((candidate) => candidate.source === source);
    const mean = finite(row?.mean.balancedAccuracy ?? null);
    if (row === undefined || mean === null) return [];
    const label = source === 'synthetic' ? syntheticName(epsilon) : name;
    return [{ source, label, mean, interval: drawable(row.intervals.balancedAccuracy) }];
  });
  if (shown.length === 0) return trusted('');
  const bottom = TOP + shown.length * ROW;
  const chance = 1 / scores.labels.length;
  const told = shown.map(({ label, mean, interval }) => {
    const range = interval === null ? '' : ` (${formatInterval(interval)})`;
    return `${label} ${formatScore(mean)}${range}`;
  });
  return html`<figure class="chart">
<svg role="img" aria-labelledby="chart-title chart-text" width="100%" height="${bottom + 26}">
<title id="chart-title">Balanced accuracy on the real test set</title>
<desc id="chart-text">${told.join('; ')}. Chance is ${formatScore(chance)}.</desc>
${TICKS.map(
  (tick) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${bottom}"/>
<text class="tick" x="${x(tick)}" y="${bottom + 18}" text-anchor="${anchor(tick)}">${tick}</text>`,
)}
${shown.map(({ source, label, mean, interval }, index) => {
  const y = TOP + index * ROW + 31;
  const bar =
    interval === null
      ? ''
      : html`<line class="bar" x1="${x(interval.low)}" x2="${x(interval.high)}" y1="${y}" y2="${y}"/>`;
  return html`<g class="row ${source}"><text class="name" x="1.5%" y="${y - 14}">${label}</text>
<line class="rail" x1="${x(0)}" x2="${x(1)}" y1="${y}" y2="${y}"/>
${bar}<line class="chance" x1="${x(chance)}" x2="${x(chance)}" y1="${y - 8}" y2="${y + 8}"/><circle cx="${x(mean)}" cy="${y}" r="6"/></g>`;
})}
</svg>
<figcaption>Balanced accuracy on the real test set: dot, mean over seeds; bar, interval; upright tick, chance (${formatScore(
    chance,
  )}). The numbers are in the table.</figcaption>
</figure>`;
}

function drawable(interval: Interval | null): Interval | null {
  return interval !== null && Number.isFinite(interval.low) && Number.isFinite(interval.high)
    ? interval
    : null;
}

function anchor(tick: number): string {
  if (tick === 0) return 'start';
  return tick === 1 ? 'end' : 'middle';
}
