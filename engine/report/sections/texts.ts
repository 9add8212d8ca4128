import * as Plot from '@observablehq/plot';
import type { ScoreSource } from '../../../schemas/scores.ts';
import { figure, type KeyEntry } from '../figures/figure.ts';
import { frame, ticks } from '../figures/scales.ts';
import type { CorpusStatistics, TextStatistics } from '../figures/text-statistics.ts';
import { formatCount, formatNumber } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { SOURCES, sourceColour } from '../words.ts';
import type { Section } from './section.ts';
import { textCounts } from './text-counts.ts';

const SIGNS: Partial<Record<ScoreSource, string>> = { synthetic: '■', 'zero-shot': '┅', real: '━' };

/**
 * Returns the lengths and the common word pairs of each corpus. The private version includes the real
 * records.
 */
export function textsSection(data: ReportData): Section | null {
  const { texts } = data;
  if (texts === null || texts.corpora.length === 0) return null;
  const looked = texts.corpora.map(({ source, records }) => `${nameOf(source)} ${formatCount(records)}`);
  return {
    id: 'texts',
    title: 'Lengths and words',
    body: html`<p>Records examined: ${looked.join(', ')}.</p>
${textCounts(data)}
${lengths({ texts, of: 'tokens', title: 'Length in tokens', edges: texts.tokenEdges })}
${lengths({ texts, of: 'characters', title: 'Length in characters', edges: texts.characterEdges })}
${wordPairs(texts)}`,
  };
}

type Lengths = {
  texts: TextStatistics;
  of: 'tokens' | 'characters';
  title: string;
  edges: readonly number[];
};

/** Draws the synthetic corpus as bars and every other corpus as a stepped line. */
function lengths({ texts, of, title, edges }: Lengths): Markup {
  const width = edges[1] ?? 1;
  const names = edges.map((edge, bin) =>
    bin === edges.length - 1 ? `${edge} or more` : width === 1 ? `${edge}` : `${edge} to ${edge + width - 1}`,
  );
  const bars = texts.corpora.filter(({ source }) => source === 'synthetic');
  const lines = texts.corpora.filter(({ source }) => source !== 'synthetic');
  return figure({
    title,
    text: `Median: ${texts.corpora.map(({ source, median }) => `${nameOf(source)} ${formatNumber(median[of])}`).join(', ')} ${of}.`,
    note: `Share of the records in bins of ${formatCount(width)}. The last bin holds all longer texts.`,
    key: key(texts.corpora),
    table: {
      head: [of === 'tokens' ? 'Tokens' : 'Characters', ...texts.corpora.map(({ source }) => nameOf(source))],
      rows: names.map((name, bin) => [name, ...texts.corpora.map((corpus) => percent(corpus[of][bin]))]),
    },
    plot: (size) =>
      frame(size, {
        x: { label: of, labelArrow: 'none', ticks: ticks(size) },
        y: { label: null, percent: true, tickFormat: (share: number) => `${share}%`, grid: true, ticks: 4 },
        marks: [
          ...bars.map((corpus) =>
            Plot.rectY(corpus[of], {
              ...{ x1: (_, bin) => edges[bin], x2: (_, bin) => edges[bin] + width, y: (share) => share },
              ...{ fill: sourceColour(corpus.source), fillOpacity: 0.45, inset: 0.5 },
            }),
          ),
          ...lines.map((corpus) =>
            Plot.lineY([...corpus[of], corpus[of][edges.length - 1]], {
              ...{ x: (_, bin) => bin * width, y: (share) => share, curve: 'step-after' as const },
              ...{ stroke: sourceColour(corpus.source), strokeWidth: 2 },
              strokeDasharray: corpus.source === 'real' ? undefined : '4 3',
            }),
          ),
          Plot.ruleY([0], { stroke: 'var(--line)' }),
        ],
      }),
  });
}

function wordPairs(texts: TextStatistics): Markup {
  const pairs = texts.wordPairs;
  if (pairs.length === 0) return html`<p class="note">No synthetic text has two consecutive words.</p>`;
  const bars = texts.corpora.filter(({ source }) => source === 'synthetic');
  const dots = texts.corpora.filter(({ source }) => source !== 'synthetic');
  const points = (corpus: CorpusStatistics) =>
    pairs.map((pair, i) => ({ pair, thousandth: 1000 * corpus.wordPairs[i] }));
  return figure({
    title: 'Most common word pairs of the synthetic texts',
    text: `Most common: ${pairs.slice(0, 3).join(', ')}.`,
    note: 'Occurrences per 1,000 pairs of neighbouring words in each corpus.',
    key: key(texts.corpora, '●'),
    table: {
      head: ['Word pair', ...texts.corpora.map(({ source }) => nameOf(source))],
      rows: pairs.map((pair, i) => [
        pair,
        ...texts.corpora.map((corpus) => formatNumber(1000 * corpus.wordPairs[i])),
      ]),
    },
    plot: (size) =>
      frame(size, {
        height: pairs.length * 24 + 50,
        marginLeft: size === 'wide' ? 190 : 132,
        marginTop: 6,
        marginBottom: 30,
        x: { label: null, grid: true, ticks: ticks(size) },
        y: {
          ...{ domain: pairs, label: null, tickSize: 0 },
          tickFormat: (pair: string) => shortened(pair, size === 'wide' ? 24 : 16),
        },
        marks: [
          ...bars.map((corpus) =>
            Plot.barX(points(corpus), {
              ...{ x: 'thousandth', y: 'pair', fill: sourceColour(corpus.source), fillOpacity: 0.45 },
              ...{ insetTop: 3, insetBottom: 3 },
            }),
          ),
          ...dots.map((corpus) =>
            Plot.dot(points(corpus), {
              ...{ x: 'thousandth', y: 'pair', r: 4.5, fill: sourceColour(corpus.source) },
              symbol: corpus.source === 'real' ? 'circle' : 'diamond2',
            }),
          ),
        ],
      }),
  });
}

/** Returns the signs of the chart: bars for the synthetic corpus, lines or dots for the others. */
function key(corpora: readonly CorpusStatistics[], dot?: string): KeyEntry[] {
  return corpora.map(({ source }) => ({
    name: nameOf(source),
    colour: sourceColour(source),
    sign: dot === undefined || source === 'synthetic' ? (SIGNS[source] ?? '') : source === 'real' ? dot : '◆',
  }));
}

function nameOf(source: ScoreSource): string {
  return SOURCES.find((entry) => entry.source === source)?.name ?? source;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function shortened(text: string, limit: number): string {
  const letters = [...text];
  return letters.length <= limit ? text : `${letters.slice(0, limit - 1).join('')}…`;
}
