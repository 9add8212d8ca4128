import * as Plot from '@observablehq/plot';
import { type FigureTable, figure } from '../figures/figure.ts';
import { frame, ticks } from '../figures/scales.ts';
import { finite, formatNumber, NOT_DEFINED } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData, TrainingPoint } from '../report-data.ts';
import type { Section } from './section.ts';

type Measure = 'loss' | 'clippedFraction' | 'gradientNorm';

/**
 * Returns loss, clipped share and gradient norm of each step, for the private version only: all are computed
 * on private records.
 */
export function trainingSection(data: ReportData): Section | null {
  if (data.version !== 'private' || data.trainingCurve.length === 0) return null;
  const points = data.trainingCurve;
  return {
    id: 'training',
    title: 'Training',
    body: html`<p class="warning">Not private: these numbers are computed from private records outside the mechanism. Do not share them.</p>
${curve({
  points,
  measure: 'loss',
  title: 'Loss of each step',
  name: 'Loss',
  unit: 'nats',
  note: 'Mean loss of the drawn records, normalised as configured.',
})}
${curve({
  points,
  measure: 'clippedFraction',
  title: 'Share of drawn records with a clipped gradient',
  name: 'Clipped share',
  domain: [0, 1],
})}
${curve({
  points,
  measure: 'gradientNorm',
  title: "Median norm of a record's gradient before clipping",
  name: 'Median gradient norm',
})}`,
  };
}

function curve(params: {
  points: readonly TrainingPoint[];
  measure: Measure;
  title: string;
  name: string;
  unit?: string;
  note?: string;
  domain?: [number, number];
}): Markup {
  const { points, measure, title, name, unit, note, domain } = params;
  const known = points.flatMap((point) => {
    const value = finite(point[measure] ?? null);
    return value === null ? [] : [{ step: point.step, value }];
  });
  const [first, last] = [known[0], known[known.length - 1]];
  if (first === undefined) return html``;
  return figure({
    title,
    text: `${name} goes from ${formatNumber(first.value)} at step ${first.step} to ${formatNumber(last.value)} at step ${last.step}.`,
    note,
    table: stepTable(points, measure, name),
    plot: (size) =>
      frame(size, {
        height: 210,
        x: { label: 'Step', labelArrow: 'none', ticks: wholeTicks(known, ticks(size)), tickFormat: 'd' },
        y: { label: unit ?? null, labelArrow: 'none', grid: true, ticks: 4, nice: true, domain },
        marks: [
          Plot.lineY(known, { x: 'step', y: 'value', stroke: 'var(--accent)', strokeWidth: 2 }),
          // More dots than pixels would hide the line.
          known.length > 60 ? null : Plot.dot(known, { x: 'step', y: 'value', fill: 'var(--accent)' }),
        ],
      }),
  });
}

/** Returns ticks at whole numbers only, because steps are whole numbers. */
function wholeTicks(known: readonly { step: number }[], count: number): number[] {
  const [low, high] = [known[0].step, known[known.length - 1].step];
  const stride = Math.max(1, Math.ceil((high - low) / (count - 1)));
  return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => low + i * stride);
}

function stepTable(points: readonly TrainingPoint[], measure: Measure, name: string): FigureTable {
  const cell = (value: number | null | undefined): string =>
    value === undefined || value === null ? NOT_DEFINED : formatNumber(value);
  return {
    head: ['Step', 'Drawn', name],
    rows: points.map((point) => [String(point.step), cell(point.drawn), cell(point[measure])]),
  };
}
