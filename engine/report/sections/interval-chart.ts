import * as Plot from '@observablehq/plot';
import type { Scores } from '../../../schemas/scores.ts';
import { figure } from '../figures/figure.ts';
import { frame } from '../figures/scales.ts';
import { finite, formatInterval, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { Interval } from '../report-data.ts';
import { SOURCES, sourceColour, syntheticName } from '../words.ts';

const ROW = 46;
const TITLE = 'Balanced accuracy on the real test set';

/**
 * Draws the balanced accuracy of each row: a dot for the mean over seeds, a bar for the interval, a vertical
 * tick for chance.
 */
export function intervalChart(scores: Scores, epsilon: number | 'none'): Markup {
  const shown = SOURCES.flatMap(({ source, name }) => {
    const row = scores.rows.find((candidate) => candidate.source === source);
    const mean = finite(row?.mean.balancedAccuracy ?? null);
    if (row === undefined || mean === null) return [];
    const label = source === 'synthetic' ? syntheticName(epsilon) : name;
    const interval = drawable(row.intervals.balancedAccuracy);
    return [{ label, colour: sourceColour(source), mean, interval, ...interval }];
  });
  if (shown.length === 0) return html``;
  const chance = 1 / scores.labels.length;
  const told = shown.map(({ label, mean, interval }) => {
    const range = interval === null ? '' : ` (${formatInterval(interval)})`;
    return `${label} ${formatScore(mean)}${range}`;
  });
  return figure({
    title: TITLE,
    text: `${told.join('; ')}. Chance is ${formatScore(chance)}.`,
    note: 'Dot: mean over seeds. Bar: interval. Vertical tick: chance.',
    table: {
      head: ['Trained on', 'Mean', 'Interval'],
      rows: shown.map(({ label, mean, interval }) => [label, formatScore(mean), formatInterval(interval)]),
    },
    plot: (size) =>
      frame(size, {
        height: shown.length * ROW + 38,
        marginLeft: 10,
        marginTop: 8,
        marginBottom: 30,
        x: { domain: [0, 1], ticks: 5, label: null, grid: true },
        y: { domain: shown.map(({ label }) => label), axis: null },
        marks: [
          Plot.ruleY(shown, { y: 'label', x1: 0, x2: 1, dy: 9, stroke: 'var(--rail)', strokeWidth: 7 }),
          Plot.ruleY(
            shown.filter(({ interval }) => interval !== null),
            {
              ...{ y: 'label', x1: 'low', x2: 'high', dy: 9, stroke: 'colour' },
              ...{ strokeWidth: 7, strokeOpacity: 0.45 },
            },
          ),
          Plot.tickX(shown, {
            ...{ x: () => chance, y: 'label', dy: 9, insetTop: 13, insetBottom: 13 },
            ...{ stroke: 'var(--ink)', strokeWidth: 1.5 },
          }),
          Plot.dot(shown, {
            ...{ x: 'mean', y: 'label', dy: 9, r: 6, fill: 'colour', stroke: 'var(--paper)' },
            strokeWidth: 2,
          }),
          Plot.text(shown, {
            ...{ x: () => 0, y: 'label', text: 'label', dy: -9, textAnchor: 'start', fill: 'var(--ink)' },
            ...{ stroke: 'var(--paper)', strokeWidth: 4 },
          }),
        ],
      }),
  });
}

function drawable(interval: Interval | null): Interval | null {
  return interval !== null && Number.isFinite(interval.low) && Number.isFinite(interval.high)
    ? interval
    : null;
}
