import { formatNumber, NOT_DEFINED } from '../format.ts';
import { html, type Markup, trusted } from '../html.ts';
import type { ReportData, TrainingPoint } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

const HEIGHT = 150;

/** Loss and clipped fraction of each step. Private version only: both are computed on private records. */
export function trainingSection(data: ReportData): Section | null {
  if (data.version !== 'private' || data.trainingCurve.length === 0) return null;
  const points = data.trainingCurve;
  return {
    id: 'training',
    title: 'Training',
    body: html`<p class="warning">Not private: these numbers come from private records outside the mechanism. Keep them inside.</p>
${curve(points)}<details><summary>The numbers of each step</summary>${scrollBox('Training steps', stepTable(points))}</details>`,
  };
}

/** Line segments with percent positions: the picture stretches, its words do not. */
function curve(points: readonly TrainingPoint[]): Markup {
  const known = points.filter((point) => point.loss !== null && Number.isFinite(point.loss));
  if (known.length < 2) return trusted('');
  const losses = known.map((point) => point.loss as number);
  const low = Math.min(...losses);
  const span = Math.max(...losses) - low || 1;
  const first = known[0].step;
  const width = known[known.length - 1].step - first || 1;
  const x = (step: number): string => `${(1.5 + (97 * (step - first)) / width).toFixed(2)}%`;
  const y = (loss: number): string => (12 + (1 - (loss - low) / span) * (HEIGHT - 24)).toFixed(1);
  const last = known.length - 1;
  const text = `Loss goes from ${formatNumber(losses[0])} at step ${first} to ${formatNumber(losses[last])} at step ${known[last].step}.`;
  return html`<figure class="chart"><svg role="img" aria-labelledby="curve-title curve-text" width="100%" height="${HEIGHT}">
<title id="curve-title">Loss of each step</title><desc id="curve-text">${text}</desc>
<line class="grid" x1="1.5%" x2="98.5%" y1="${HEIGHT - 1}" y2="${HEIGHT - 1}"/>
${known.slice(1).map((point, index) => {
  const before = known[index];
  return html`<line class="curve" x1="${x(before.step)}" y1="${y(losses[index])}" x2="${x(point.step)}" y2="${y(losses[index + 1])}"/>`;
})}
${known.map((point, index) => html`<circle class="curve-dot" cx="${x(point.step)}" cy="${y(losses[index])}" r="3"/>`)}
</svg><figcaption>Mean loss of the records drawn at each step, in nats, normalised as the configuration says. ${text} The vertical range is ${formatNumber(low)} to ${formatNumber(
    low + span,
  )}.</figcaption></figure>`;
}

function stepTable(points: readonly TrainingPoint[]): Markup {
  const cell = (value: number | null | undefined): Markup =>
    html`<td class="num">${value === undefined || value === null ? NOT_DEFINED : formatNumber(value)}</td>`;
  return html`<table><thead><tr><th scope="col" class="num">Step</th><th scope="col" class="num">Drawn</th><th scope="col" class="num">Loss</th><th scope="col" class="num">Clipped share</th><th scope="col" class="num">Median gradient norm</th></tr></thead>
<tbody>${points.map(
    (point) =>
      html`<tr><th scope="row" class="num">${point.step}</th>${cell(point.drawn)}${cell(point.loss)}${cell(
        point.clippedFraction,
      )}${cell(point.gradientNorm)}</tr>`,
  )}</tbody></table>`;
}
