import { formatCount } from '../format.ts';
import { html } from '../html.ts';
import { renderPage, ribbon } from '../page.ts';
import type { ReportData } from '../report-data.ts';
import { toRelease } from '../to-release.ts';
import { baselinesSection } from './baselines.ts';
import { comparedResults } from './compared-results.ts';
import { costsSection } from './costs.ts';
import { differencesSection } from './differences.ts';
import { epsilonSection } from './epsilon-chart.ts';
import { pivotSection } from './pivot.ts';
import { comparedProxies } from './proxies.ts';
import { statementsSection } from './statements.ts';
import type { UnfinishedRun } from './unfinished-run.ts';

/**
 * Returns one self-contained HTML page that compares runs: scores with intervals, accuracy against epsilon,
 * cost, differing settings and privacy statements. Data of version `release` first go through `toRelease`;
 * one private run makes the page private.
 */
export function renderComparison(params: {
  runs: readonly ReportData[];
  unfinished?: readonly UnfinishedRun[];
}): string {
  const runs = params.runs.map((data) => (data.version === 'release' ? toRelease(data) : data));
  const unfinished = params.unfinished ?? [];
  const version = runs.every((data) => data.version === 'release') ? 'release' : 'private';
  const failed = unfinished.length === 0 ? '' : ` ${formatCount(unfinished.length)} more did not finish.`;
  const names = [...new Set(runs.map(({ config }) => config.name))];
  return renderPage({
    title: 'Comparison: dpsynth report',
    header: html`${ribbon(version)}
<p class="kicker">dpsynth comparison</p>
<h1 dir="auto">${names.length === 1 ? names[0] : 'Comparison of runs'}</h1>
<p class="headline">${formatCount(runs.length)} runs side by side.${failed}</p>`,
    sections: [
      comparedResults(runs, unfinished),
      epsilonSection(runs),
      pivotSection(runs),
      comparedProxies(runs),
      baselinesSection(runs),
      costsSection(runs),
      differencesSection(runs),
      statementsSection(runs),
    ].filter((section) => section !== null),
  });
}
