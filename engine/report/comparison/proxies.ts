import { type Measure, notDefined } from '../../metrics/measure.ts';
import { kendall } from '../../metrics/ranking/kendall.ts';
import { spearman } from '../../metrics/ranking/spearman.ts';
import { formatCount, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { comparableProxies, type Judged } from './comparable-proxies.ts';
import { proxyFigure } from './proxy-figure.ts';

/** Below this a rank correlation is 1 or -1 whatever the numbers are. */
const FEWEST = 3;

/** Do the cheap numbers tell beforehand which corpus is good? MAUVE against accuracy, and the rank correlation of each proxy with accuracy. */
export function comparedProxies(runs: readonly ReportData[]): Section | null {
  const { judged, leftOut } = comparableProxies(runs);
  if (!judged.some(({ proxies }) => proxies.size > 0)) return null;
  const others =
    leftOut === 0
      ? ''
      : html`<p class="note">${formatCount(leftOut)} more with proxies of another corpus, split, model or other settings: not comparable, so left out.</p>`;
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
<caption>Rank correlation of each proxy with balanced accuracy over the synthetic corpora of the runs. Of a good proxy it is near 1 where higher is better and near −1 where lower is. With few runs chance alone gives large values.</caption>
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
  return html`<h3>Which proxy tells the order of the runs</h3>${scrollBox('Correlation of proxies with accuracy', table)}`;
}

function correlationOf(
  pairs: readonly { value: number; accuracy: number }[],
  correlation: (proxy: number[], accuracy: number[]) => Measure,
): Measure {
  if (pairs.length < FEWEST) return notDefined(`it needs ${FEWEST} runs with both numbers`);
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
