import { type Measure, notDefined } from '../../metrics/measure.ts';
import { kendall } from '../../metrics/ranking/kendall.ts';
import { spearman } from '../../metrics/ranking/spearman.ts';
import { formatCount, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { comparableProxies, type Judged } from './comparable-proxies.ts';
import { proxyFigure } from './proxy-figure.ts';

/** With fewer runs, a rank correlation is 1 or -1 whatever the numbers are. */
const FEWEST = 3;

/**
 * Shows whether the proxies predict which corpus is better: MAUVE against accuracy, and the rank correlation
 * of each proxy with accuracy.
 */
export function comparedProxies(runs: readonly ReportData[]): Section | null {
  const { judged, leftOut } = comparableProxies(runs);
  if (!judged.some(({ proxies }) => proxies.size > 0)) return null;
  const others =
    leftOut === 0
      ? ''
      : html`<p class="note">Runs left out because their proxies are not comparable (another corpus, split, model or other settings): ${formatCount(leftOut)}.</p>`;
  const synthetic = judged.filter(({ source }) => source === 'synthetic');
  return {
    id: 'proxies',
    title: 'Proxies against accuracy',
    body: html`${others}${proxyFigure(judged)}${correlations(synthetic)}`,
  };
}

function correlations(judged: readonly Judged[]): Markup {
  const names = [...new Set(judged.flatMap(({ proxies }) => [...proxies.keys()]))];
  if (names.length === 0) return html``;
  const table = html`<table class="runs">
<caption>Rank correlation of each proxy with balanced accuracy over the synthetic corpora of the runs. A good proxy has a correlation near 1 if higher is better and near −1 if lower is better. With few runs, chance alone can give large values.</caption>
<thead><tr><th scope="col">Proxy</th><th scope="col">Better</th><th scope="col" class="num">Runs</th><th scope="col" class="num">Spearman</th><th scope="col" class="num">Kendall</th></tr></thead>
<tbody>${names.map((name) => {
    const pairs = judged.flatMap(({ accuracy, proxies }) => {
      const proxy = proxies.get(name);
      return proxy === undefined ? [] : [{ accuracy, ...proxy }];
    });
    const by = (correlation: typeof spearman) =>
      cell(correlationOf(pairs, (proxy, accuracy) => correlation(proxy, accuracy)));
    return html`<tr><th scope="row">${name}</th><td>${pairs[0].better}</td><td class="num">${pairs.length}</td>${by(spearman)}${by(kendall)}</tr>`;
  })}</tbody></table>`;
  return html`<h3>Which proxy predicts the order of the runs</h3>${scrollBox('Correlation of proxies with accuracy', table)}`;
}

function correlationOf(
  pairs: readonly { value: number; accuracy: number }[],
  correlation: (proxy: number[], accuracy: number[]) => Measure,
): Measure {
  if (pairs.length < FEWEST) return notDefined(`needs at least ${FEWEST} runs with both numbers`);
  return correlation(
    pairs.map(({ value }) => value),
    pairs.map(({ accuracy }) => accuracy),
  );
}

function cell(measure: Measure): Markup {
  return measure.value === null
    ? html`<td class="num gap">not defined<small class="because">${measure.because}</small></td>`
    : html`<td class="num">${formatScore(measure.value).replace('-', '−')}</td>`;
}
