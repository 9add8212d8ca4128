import type { ScoreSource } from '../../schemas/scores.ts';
import {
  finite,
  formatCount,
  formatDifference,
  formatEpsilon,
  formatInterval,
  formatNumber,
  formatScore,
} from './format.ts';
import { html, type Markup } from './html.ts';
import type { ReportData } from './report-data.ts';
import { differenceFrom, verdictOf } from './verdict.ts';

/** Returns the result in one or two sentences. Without scores it returns the size of the corpus. */
export function headline(data: ReportData): string {
  const synthetic = balanced(data, 'synthetic');
  if (synthetic === null)
    return `${formatCount(data.syntheticRecords)} synthetic records with ${data.config.corpus.labels.length} labels.`;
  const zeroShot = balanced(data, 'zero-shot');
  const real = balanced(data, 'real');
  const beside = [
    zeroShot === null ? null : `${formatScore(zeroShot)} with texts of the base model`,
    real === null ? null : `${formatScore(real)} with the real records`,
  ].filter((part) => part !== null);
  const compare = beside.length === 0 ? '' : ` For comparison: ${beside.join(', ')}.`;
  return `A classifier trained only on synthetic texts reaches ${formatScore(synthetic)} balanced accuracy on real test records.${compare}${againstDirect(data)}`;
}

/** Compares the result with DP-SGD on the records themselves, whichever of the two is better. */
function againstDirect(data: ReportData): string {
  const difference = differenceFrom(data.scores, 'real-dp');
  const direct = balanced(data, 'real-dp');
  if (difference === null || direct === null) return '';
  const than = `training directly on the private records with DP-SGD at the same ε (${formatScore(direct)})`;
  switch (verdictOf(difference)) {
    case 'clearly better':
      return ` That is clearly better than ${than}.`;
    case 'clearly worse':
      return ` That is clearly worse than ${than}: for this classifier alone, the synthetic corpus does not pay off.`;
    case 'no significant difference':
      return ` The difference from ${than} is not significant.`;
    case 'not defined':
      return '';
  }
}

/** Returns the few numbers at the top of the page. */
export function keyNumbers(data: ReportData): Markup {
  const { epsilon } = data.config.privacy;
  const { delta } = data.plan;
  const row = data.scores?.rows.find((candidate) => candidate.source === 'synthetic');
  const zeroShot = balanced(data, 'zero-shot');
  const score = balanced(data, 'synthetic');
  const tiles: [string, string, string][] = [
    ['ε', formatEpsilon(epsilon), epsilon === 'none' ? 'not differentially private' : deltaWords(delta)],
    [
      'Synthetic records',
      formatCount(data.syntheticRecords),
      `from ${formatCount(data.trainingRecords)} private records`,
    ],
  ];
  if (score !== null) {
    const interval = row?.intervals.balancedAccuracy ?? null;
    tiles.push([
      'Balanced accuracy',
      formatScore(score),
      interval === null ? 'no interval' : formatInterval(interval),
    ]);
    if (zeroShot !== null)
      tiles.push([
        'Gain over zero-shot',
        formatDifference(score - zeroShot),
        `from ${formatScore(zeroShot)}`,
      ]);
  }
  return html`<dl class="tiles">${tiles.map(
    ([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  )}</dl>`;
}

function balanced(data: ReportData, source: ScoreSource): number | null {
  return finite(data.scores?.rows.find((row) => row.source === source)?.mean.balancedAccuracy ?? null);
}

function deltaWords(delta: number | null): string {
  return delta === null ? 'δ not defined' : `δ = ${formatNumber(delta)}`;
}
