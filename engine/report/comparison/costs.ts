import { STAGES } from '../../../schemas/stages.ts';
import { formatBytes, formatCount, formatSeconds } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { runHead } from './run-head.ts';

const WITHHELD = 'withheld';

/** Returns trainable parameters, time and peak memory of each run. */
export function costsSection(runs: readonly ReportData[]): Section {
  const table = html`<table class="runs">
<thead><tr><th scope="col">Run</th><th scope="col" class="num">Trainable parameters</th><th scope="col" class="num">Noise to clipping norm</th><th scope="col" class="num">Fine-tuning</th><th scope="col" class="num">All stages</th><th scope="col" class="num">Peak memory</th></tr></thead>
<tbody>${runs.map((data) => {
    const { training, all, peak, cached } = costOf(data);
    return html`<tr>${runHead(data)}<td class="num">${formatCount(data.plan.trainableParameters)}</td><td class="num">${data.plan.noiseToClippingRatio.toFixed(2)}</td><td class="num">${training}${cached ? html`<small>from the cache</small>` : ''}</td><td class="num">${all}</td><td class="num">${peak}</td></tr>`;
  })}</tbody></table>`;
  const withheld = runs.some(({ version }) => version === 'release')
    ? html`<p class="note">A release withholds time and memory, because those of some stages depend on private records.</p>`
    : '';
  return { id: 'cost', title: 'Cost', body: html`${withheld}${scrollBox('Cost of the runs', table)}` };
}

function costOf({ version, stages }: ReportData) {
  if (version === 'release') return { training: WITHHELD, all: WITHHELD, peak: WITHHELD, cached: false };
  const training = stages.find(({ stage }) => stage === STAGES.finetune);
  const memory = stages.flatMap(({ peakRssBytes }) => (peakRssBytes === undefined ? [] : [peakRssBytes]));
  return {
    training: training === undefined ? '–' : formatSeconds(training.seconds),
    all: formatSeconds(stages.reduce((sum, { seconds }) => sum + seconds, 0)),
    peak: memory.length === 0 ? '–' : formatBytes(Math.max(...memory)),
    cached: (training?.cached ?? 0) > 0,
  };
}
