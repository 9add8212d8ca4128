import * as Plot from '@observablehq/plot';
import type {
  RankAgreement,
  TriedSettings,
  Tuning,
  TuningSearch,
  TuningSource,
} from '../../../schemas/evaluations/tuning.ts';
import type { Measure } from '../../../schemas/measure.ts';
import { type FigureTable, figure } from '../figures/figure.ts';
import { frame } from '../figures/scales.ts';
import { finite, formatCount, formatScore, NOT_DEFINED } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

const SEARCHES: readonly { source: TuningSource; name: string }[] = [
  { source: 'synthetic', name: 'Synthetic' },
  { source: 'real', name: 'Real' },
  { source: 'real-again', name: 'Real again' },
];

/** The rankings of fewer settings than this can easily agree by chance. */
const FEW = 10;

/** Shows whether synthetic texts choose the same settings as real records. */
export function tuningSection({ tuning }: ReportData): Section | null {
  if (tuning === undefined) return null;
  const of = (source: TuningSource) => tuning.searches.find((search) => search.source === source);
  const [synthetic, real] = [of('synthetic'), of('real')];
  const missing = SEARCHES.flatMap(({ source, name }) => {
    const why = tuning.missing.find((entry) => entry.source === source)?.why;
    return why === undefined ? [] : [html`<li>Search on ${name.toLowerCase()}, missing: ${why}</li>`];
  });
  return {
    id: 'tuning',
    title: 'Tuning on synthetic texts',
    body: html`<p>Each setting trains one classifier, which is scored by balanced accuracy. The search on synthetic texts scores on a held-out part of them. It sees no real record, so its choice costs no privacy. The searches on real records train without privacy and score on the real test set; they are a reference and decide nothing. The result table uses the settings of the experiment.</p>
${synthetic ? html`<p>${choice(synthetic, real)}</p>` : ''}
${synthetic && real ? scatter(tuning, synthetic, real) : onlyTable(tuning)}
${agreementTable(tuning)}${missing.length === 0 ? '' : html`<ul class="notes">${missing}</ul>`}`,
  };
}

function choice(synthetic: TuningSearch, real: TuningSearch | undefined): string {
  if (synthetic.best === null) return 'Every setting diverged on synthetic texts, so none can be chosen.';
  const { settings, score } = synthetic.searched[synthetic.best];
  const scored = `Chosen on synthetic texts: ${words(settings)}, with ${formatScore(score)} on the ${formatCount(synthetic.scoredRecords)} held-out texts`;
  if (real === undefined) return `${scored}.`;
  const there = real.searched[synthetic.best].score;
  const onReal =
    there === null
      ? 'on real records it diverged'
      : `trained on real records it scores ${formatScore(there)}`;
  const best =
    real.best === null
      ? 'every setting diverged on real records'
      : `the best on real records is ${words(real.searched[real.best].settings)}, with ${formatScore(real.searched[real.best].score)}`;
  return `${scored}; ${onReal}; ${best}.`;
}

/** Draws one dot per setting: its score on real records against its score on synthetic texts. */
function scatter(tuning: Tuning, synthetic: TuningSearch, real: TuningSearch): Markup {
  const points = synthetic.searched.flatMap(({ score }, index) => {
    const [x, y] = [finite(score), finite(real.searched[index].score)];
    return x === null || y === null ? [] : [{ x, y, index }];
  });
  if (points.length === 0) return onlyTable(tuning);
  const chosen = points.filter(({ index }) => index === synthetic.best);
  const best = points.filter(({ index }) => index === real.best);
  const { synthetic: agreement } = tuning.agreement;
  const few =
    synthetic.searched.length < FEW ? ` Fewer than ${FEW} settings can easily agree by chance.` : '';
  const diverged = synthetic.searched.length - points.length;
  const left = diverged === 0 ? '' : ` Not drawn because they diverged: ${formatCount(diverged)}.`;
  return figure({
    title: 'Score of each setting on real and on synthetic texts',
    text: `${formatCount(points.length)} settings.${agreement ? ` Spearman correlation ${measured(agreement.spearman)}; regret of choosing on synthetic texts ${measured(agreement.regret)}.` : ''}`,
    note: `Balanced accuracy. If the dots rise from left to right, the rankings agree. Neither axis begins at 0.${left}${few}`,
    key: [
      { name: 'Setting', colour: 'var(--grey)', sign: '●' },
      { name: 'Chosen on synthetic texts', colour: 'var(--accent)', sign: '◆' },
      { name: 'Best on real records', colour: 'var(--real)', sign: '□' },
    ],
    table: settingsTable(tuning),
    plot: (size) =>
      frame(size, {
        height: size === 'wide' ? 330 : 290,
        inset: 8,
        x: { label: 'on synthetic texts', labelArrow: 'none', nice: true, grid: true, ticks: 5 },
        y: { label: 'on real records', labelArrow: 'none', nice: true, grid: true, ticks: 5 },
        marks: [
          Plot.dot(points, { x: 'x', y: 'y', r: 4.5, fill: 'var(--grey)', fillOpacity: 0.75 }),
          Plot.dot(chosen, { x: 'x', y: 'y', r: 6.5, symbol: 'diamond2', fill: 'var(--accent)' }),
          Plot.dot(best, { x: 'x', y: 'y', r: 9, symbol: 'square', stroke: 'var(--real)', strokeWidth: 2 }),
        ],
      }),
  });
}

/** Returns the table without a chart, which needs both rankings. */
function onlyTable(tuning: Tuning): Markup {
  const { head, rows } = settingsTable(tuning);
  if (rows.length === 0) return html``;
  const table = html`<table><thead><tr>${head.map(
    (name, column) => html`<th scope="col"${column === 0 ? '' : html` class="num"`}>${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    ([name, ...cells]) =>
      html`<tr><th scope="row"><bdi>${name}</bdi></th>${cells.map((cell) => html`<td class="num">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
  return scrollBox('Score of each setting', table);
}

function settingsTable({ searches }: Tuning): FigureTable {
  const shown = SEARCHES.flatMap(({ source, name }) => {
    const search = searches.find((one) => one.source === source);
    return search === undefined ? [] : [{ name, search }];
  });
  return {
    head: ['Setting', ...shown.map(({ name }) => name)],
    rows: (searches[0]?.searched ?? []).map(({ settings }, index) => [
      words(settings),
      ...shown.map(({ search }) => {
        const { score } = search.searched[index];
        return score === null ? 'diverged' : formatScore(score);
      }),
    ]),
  };
}

const AGREEMENTS: readonly { key: keyof RankAgreement; name: string; means: string }[] = [
  {
    key: 'rankBiasedOverlap',
    name: 'Rank-biased overlap',
    means: 'of the best quarter; 1 means the same order',
  },
  { key: 'spearman', name: 'Spearman', means: 'correlation of the ranks, −1 to 1' },
  { key: 'kendall', name: 'Kendall tau-b', means: 'pairs in the same order, −1 to 1' },
  {
    key: 'regret',
    name: 'Regret',
    means: 'balanced accuracy on real records lost by the choice; the mean if several settings tie',
  },
];

/** Returns how far the rankings agree, beside the agreement of two searches on the same real records. */
function agreementTable({ agreement: { synthetic, real } }: Tuning): Markup {
  if (synthetic === null && real === null) return html``;
  const cell = (agreement: RankAgreement | null, key: keyof RankAgreement) =>
    html`<td class="num">${agreement === null ? 'missing' : measured(agreement[key])}</td>`;
  const table = html`<table class="results">
<caption>How far two rankings agree with the ranking on real records. “Real again” is a second search on the same records with another seed: it shows how far chance alone moves a ranking.</caption>
<thead><tr><th scope="col">Measure</th><th scope="col" class="num">Synthetic</th><th scope="col" class="num">Real again</th></tr></thead>
<tbody>${AGREEMENTS.map(
    ({ key, name, means }) =>
      html`<tr><th scope="row">${name}<small>${means}</small></th>${cell(synthetic, key)}${cell(real, key)}</tr>`,
  )}</tbody></table>`;
  return scrollBox('Agreement of the rankings', table);
}

function measured(measure: Measure): string {
  return measure.value === null ? `${NOT_DEFINED}: ${measure.because}` : formatScore(measure.value);
}

/** Returns settings in words, such as `learningRate 0.1, updates 20`. */
function words(settings: TriedSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
