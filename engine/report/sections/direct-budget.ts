import type { ScoreRow } from '../../../schemas/scores.ts';
import { ACCOUNTANTS } from '../../privacy/accountants.ts';
import { formatCount, formatNumber } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { factList } from './section.ts';

/**
 * Returns what the row `real-dp` spends on the private records, in addition to the budget of the corpus.
 * Empty if there is no such row.
 */
export function directBudget(rows: readonly ScoreRow[]): Markup {
  const row = rows.find(({ source }) => source === 'real-dp');
  if (row?.privacy === undefined) return html``;
  const { plan, epsilonOfSeeds } = row.privacy;
  const facts: [string, string][] = [
    ['ε of one classifier', formatNumber(plan.epsilon)],
    ['δ', formatNumber(plan.delta)],
    [`ε of all seeds (${row.seeds.length})`, formatNumber(epsilonOfSeeds)],
    ['Noise multiplier σ', formatNumber(plan.noiseMultiplier)],
    ['Updates', formatCount(plan.steps)],
    ['Sampling rate q', formatNumber(plan.samplingRate)],
    ['Clipping norm', formatNumber(plan.clippingNorm)],
    ['Accountant', ACCOUNTANTS[plan.accountant].name],
  ];
  return html`<h3>What “Real, DP” spends</h3>
<p>These classifiers were trained on the private records themselves. Their privacy loss is not part of the ε of the synthetic corpus. Anyone who sees both learns from both.</p>
${factList(facts)}`;
}
