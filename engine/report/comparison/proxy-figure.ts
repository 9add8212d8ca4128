import * as Plot from '@observablehq/plot';
import { figure } from '../figures/figure.ts';
import { frame, ticks } from '../figures/scales.ts';
import { formatNumber, formatScore } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { SOURCES, sourceColour } from '../words.ts';
import type { Judged } from './comparable-proxies.ts';

/** More names than this would overlap; the table lists them all. */
const NAMED = 8;

/**
 * Draws MAUVE of each corpus, with the first of its settings, against the balanced accuracy of a classifier
 * trained on the corpus.
 */
export function proxyFigure(judged: readonly Judged[]): Markup {
  const name = judged
    .flatMap(({ proxies }) => [...proxies.keys()])
    .find((candidate) => candidate.startsWith('MAUVE'));
  const points = judged.flatMap(({ run, source, accuracy, proxies }) => {
    const mauve = name === undefined ? undefined : proxies.get(name);
    return mauve === undefined
      ? []
      : [{ run, source, accuracy, mauve: mauve.value, deviation: mauve.deviation }];
  });
  if (name === undefined || points.length === 0)
    return html`<p class="note">No run has both MAUVE and an accuracy to show.</p>`;
  const of = (source: 'synthetic' | 'zero-shot') => points.filter((point) => point.source === source);
  const [synthetic, zeroShot] = [of('synthetic'), of('zero-shot')];
  const nameOf = (source: string) => SOURCES.find((one) => one.source === source)!.name;
  const best = points.reduce((a, b) => (b.mauve > a.mauve ? b : a));
  return figure({
    title: `${name}, against balanced accuracy`,
    text: `Largest MAUVE: ${best.run}, ${nameOf(best.source).toLowerCase()}, ${formatScore(best.mauve)}, at an accuracy of ${formatScore(best.accuracy)}.`,
    note: 'One dot per corpus. If MAUVE identifies the better corpus, the dots rise from left to right. Neither axis begins at 0.',
    key: [
      { name: nameOf('synthetic'), colour: sourceColour('synthetic'), sign: '●' },
      ...(zeroShot.length === 0
        ? []
        : [{ name: nameOf('zero-shot'), colour: sourceColour('zero-shot'), sign: '◆' }]),
    ],
    table: {
      head: ['Run', 'Corpus', 'MAUVE', 'Deviation over seeds', 'Balanced accuracy'],
      rows: points.map(({ run, source, mauve, deviation, accuracy }) => [
        run,
        nameOf(source),
        formatScore(mauve),
        deviation === null || deviation === undefined ? '–' : formatNumber(deviation),
        formatScore(accuracy),
      ]),
    },
    plot: (size) =>
      frame(size, {
        height: 300,
        marginLeft: 40,
        // The inset leaves room for the names above the dots at the edges.
        x: { label: 'MAUVE', labelArrow: 'none', ticks: ticks(size) - 1, inset: size === 'wide' ? 60 : 14 },
        y: { label: null, grid: true, nice: true, ticks: 5, inset: 14 },
        marks: [
          // A phone has no room for names between the dots.
          size === 'narrow' || synthetic.length > NAMED
            ? null
            : Plot.text(synthetic, {
                ...{ ...position, text: ({ run }) => shortened(run), dy: -14, fill: 'var(--soft)' },
                ...{ stroke: 'var(--paper)', strokeWidth: 4 },
              }),
          Plot.dot(zeroShot, { ...position, symbol: 'diamond2', r: 5, fill: sourceColour('zero-shot') }),
          Plot.dot(synthetic, { ...position, r: 5, fill: sourceColour('synthetic') }),
        ],
      }),
  });
}

const position = { x: 'mauve', y: 'accuracy' } as const;

/** Keeps the end of a name, because variants of a sweep share their beginning. */
function shortened(run: string): string {
  const letters = [...run];
  return letters.length <= 18 ? run : `…${letters.slice(-17).join('')}`;
}
