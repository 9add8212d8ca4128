import * as Plot from '@observablehq/plot';
import type { Amount, ScoreSource, Scores } from '../../../schemas/scores.ts';
import { figure } from '../figures/figure.ts';
import { frame } from '../figures/scales.ts';
import { finite, formatCount, formatInterval, formatMean, formatNumber, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { SOURCES, sourceColour } from '../words.ts';
import type { Section } from './section.ts';

/** The levels of the chart. The curve should rise above zero-shot and may approach real. */
const LEVELS: readonly ScoreSource[] = ['zero-shot', 'real'];

/**
 * Shows accuracy against the number of synthetic records. The point with all of them is the row `synthetic`
 * of the result table.
 */
export function amountsSection(data: ReportData): Section | null {
  const { scores } = data;
  if (scores?.amounts === undefined) return null;
  const whole = scores.rows.find(({ source }) => source === 'synthetic');
  const amounts = [...scores.amounts.points, ...(whole ? [{ ...whole, share: 1 }] : [])];
  const missing = scores.amounts.missing.map(
    ({ share, why }) => html`<li>${percent(share)} of the synthetic records, missing: ${why}</li>`,
  );
  return {
    id: 'amounts',
    title: 'Amount of synthetic data',
    body: html`<p>The classifier of the result table, trained on parts of the synthetic corpus. Each part takes the first texts of each label in one public shuffle, so larger parts contain the smaller ones.</p>
${curve({ amounts, scores, real: data.trainingRecords })}${missing.length === 0 ? '' : html`<ul class="notes">${missing}</ul>`}`,
  };
}

function curve(params: { amounts: readonly Amount[]; scores: Scores; real: number }): Markup {
  const { amounts, scores, real } = params;
  const points = amounts.flatMap(({ trainingRecords: records, mean, intervals }) => {
    const accuracy = finite(mean.balancedAccuracy);
    if (accuracy === null || records === 0) return [];
    const { low, high } = intervals.balancedAccuracy ?? { low: null, high: null };
    return [{ records, accuracy, low: finite(low), high: finite(high) }];
  });
  if (points.length === 0) return html`<p class="note">No part has a score to show.</p>`;
  const levels = LEVELS.flatMap((source) => {
    const mean = finite(scores.rows.find((row) => row.source === source)?.mean.balancedAccuracy ?? null);
    const name = SOURCES.find((one) => one.source === source)?.name ?? source;
    return mean === null ? [] : [{ name, accuracy: mean, colour: sourceColour(source) }];
  });
  const [first, last] = [points[0], points[points.length - 1]];
  const end = ({ records, accuracy }: typeof first) =>
    `${formatScore(accuracy)} with ${formatCount(records)} records (${multiple(records, real)} times the real training records)`;
  const told = [
    points.length === 1
      ? `Balanced accuracy is ${end(last)}`
      : `Balanced accuracy goes from ${end(first)} to ${end(last)}`,
    ...levels.map(({ name, accuracy }) => `${name} ${formatScore(accuracy)}`),
  ];
  const heights = [
    ...points.flatMap(({ accuracy, low, high }) => [accuracy, low ?? accuracy, high ?? accuracy]),
  ];
  const all = [...heights, ...levels.map(({ accuracy }) => accuracy)];
  return figure({
    title: 'Balanced accuracy against synthetic records',
    text: `${told.join('; ')}.`,
    note: 'Dot: mean over seeds. Vertical bar: interval. Dashed: other rows of the result table. The horizontal axis is logarithmic; the vertical axis does not begin at 0.',
    table: {
      head: [
        'Share',
        'Records',
        'Times real records',
        'Balanced accuracy',
        'Interval',
        'Each seed',
        'Accuracy',
      ],
      rows: amounts.map(({ share, trainingRecords, mean, deviation, intervals, seeds }) => [
        percent(share),
        formatCount(trainingRecords),
        multiple(trainingRecords, real),
        formatMean(mean.balancedAccuracy, deviation.balancedAccuracy),
        formatInterval(intervals.balancedAccuracy),
        seeds.map(({ metrics }) => formatScore(metrics.balancedAccuracy)).join(', '),
        formatMean(mean.accuracy, deviation.accuracy),
      ]),
    },
    plot: (size) =>
      frame(size, {
        marginRight: size === 'wide' ? 86 : 74,
        x: {
          ...{ type: 'log', label: 'synthetic records', labelArrow: 'none' },
          ...{ ticks: apart(points, size === 'wide' ? 1.25 : 1.7), tickFormat: formatCount },
        },
        y: { domain: [Math.min(...all), Math.max(...all)], nice: true, grid: true, label: null, ticks: 5 },
        marks: [
          Plot.ruleY(levels, { y: 'accuracy', stroke: 'colour', strokeDasharray: '3 4', strokeWidth: 1.5 }),
          Plot.ruleX(
            points.filter(({ low, high }) => low !== null && high !== null),
            {
              ...{ x: 'records', y1: 'low', y2: 'high', stroke: 'var(--accent)' },
              ...{ strokeWidth: 5, strokeOpacity: 0.35 },
            },
          ),
          Plot.lineY(points, { x: 'records', y: 'accuracy', stroke: 'var(--accent)', strokeWidth: 2 }),
          Plot.dot(points, { x: 'records', y: 'accuracy', fill: 'var(--accent)', r: 5 }),
          Plot.text(levels, {
            ...{ y: 'accuracy', text: 'name', fill: 'colour' },
            ...{ frameAnchor: 'right', textAnchor: 'start', dx: 6 },
          }),
        ],
      }),
  });
}

/**
 * Returns numbers of records that differ by at least `factor`, so that their labels do not touch. The last is
 * always kept.
 */
function apart(points: readonly { records: number }[], factor: number): number[] {
  const kept: number[] = [];
  for (const { records } of [...points].reverse())
    if (kept.every((other) => other >= records * factor)) kept.push(records);
  return kept;
}

function percent(share: number): string {
  return `${formatNumber(100 * share)}%`;
}

/** Returns a multiple of the number of real training records, to two digits. */
function multiple(records: number, real: number): string {
  return formatNumber(Number((records / real).toPrecision(2)));
}
