import { formatCount, formatNumber } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { factList, type Section } from './section.ts';

/** Returns the plan: the noise, and its size relative to the signal. */
export function signalSection(data: ReportData): Section {
  const { plan, config } = data;
  const facts: [string, string][] = [
    ['Noise multiplier σ', formatNumber(plan.noiseMultiplier)],
    ['δ', formatNumber(plan.delta)],
    ['Clipping norm', formatNumber(config.privacy.clippingNorm)],
    ['Sampling rate q', formatNumber(plan.samplingRate)],
    ['Expected batch size', formatCount(config.training.expectedBatchSize)],
    ['Steps', formatCount(config.training.steps)],
    ['Trainable parameters d', formatCount(plan.trainableParameters)],
    ['Noise to clipping norm', formatNumber(plan.noiseToClippingRatio)],
  ];
  const warnings = plan.warnings.map((warning) => html`<p class="warning">${warning}</p>`);
  return {
    id: 'plan',
    title: 'Plan and signal',
    body: html`${factList(facts)}
<p>Noise to clipping norm is σ √d / expected batch size: the length of the noise in one update, on a scale where the mean of the clipped gradients has at most length 1. Over many steps the signal adds up faster than the noise, so training can succeed with a ratio above 1.</p>
${warnings}`,
  };
}
