import * as Plot from '@observablehq/plot';
import type { ScoreSource } from '../../../schemas/scores.ts';
import { describeAdapter } from '../describe-adapter.ts';
import { figure } from '../figures/figure.ts';
import { frame } from '../figures/scales.ts';
import { finite, formatEpsilon, formatInterval, formatScore } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import type { Section } from '../sections/section.ts';
import { SOURCES } from '../words.ts';
import { classifierName } from './classifier-name.ts';

type Point = {
  run: string;
  method: string;
  epsilon: string;
  accuracy: number;
  low: number | null;
  high: number | null;
};

type Named = (method: string, data: ReportData) => string;

/** Rows that do not depend on epsilon. */
const SHARED: readonly ScoreSource[] = ['majority', 'zero-shot', 'real'];

const STYLES = [
  { colour: 'var(--accent)', symbol: 'circle', sign: '●', dash: undefined },
  { colour: 'var(--real)', symbol: 'square2', sign: '■', dash: '6 3' },
  { colour: 'var(--warn)', symbol: 'triangle2', sign: '▲', dash: '2 3' },
  { colour: 'var(--plum)', symbol: 'diamond2', sign: '◆', dash: '8 3 2 3' },
  { colour: 'var(--grey)', symbol: 'star', sign: '★', dash: '1 3' },
] as const;

/**
 * Draws balanced accuracy of the synthetic corpora against epsilon, one line per method, with training on the
 * real records with DP. Dashed rules show the rows that all runs share.
 */
export function epsilonSection(runs: readonly ReportData[]): Section {
  // A method is named with its classifier only if the runs have several kinds.
  const kinds = new Set(runs.map(({ config }) => config.classifier.kind));
  const named = (method: string, { config }: ReportData) =>
    kinds.size > 1 ? `${method}; ${classifierName(config.classifier)}` : method;
  const synthetic = syntheticPoints(runs, named);
  const id = { id: 'epsilon', title: 'Accuracy against epsilon' };
  if (synthetic.length === 0) return { ...id, body: html`<p class="note">No run has a score to show.</p>` };
  const epsilons = [...new Set(runs.map(({ config }) => config.privacy.epsilon))]
    .sort((a, b) => (a === 'none' ? 1 : b === 'none' ? -1 : a - b))
    .map(formatEpsilon);
  // Sorted by epsilon, because a line joins its points in order.
  const points = [...synthetic, ...directPoints(runs, named)].sort(
    (a, b) => epsilons.indexOf(a.epsilon) - epsilons.indexOf(b.epsilon),
  );
  const methods = [...new Set(points.map(({ method }) => method))];
  const style = (method: string) => STYLES[methods.indexOf(method) % STYLES.length];
  const rules = SOURCES.filter(({ source }) => SHARED.includes(source)).flatMap(({ source, name }) => {
    const shared = sharedMean(runs, source);
    return shared === null ? [] : [{ name, accuracy: shared }];
  });
  const best = synthetic.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
  const shownRange = points.flatMap(({ accuracy, low, high }) => [
    accuracy,
    low ?? accuracy,
    high ?? accuracy,
  ]);
  const all = [...shownRange, ...rules.map(({ accuracy }) => accuracy)];
  const chart = figure({
    title: 'Balanced accuracy on the real test set',
    text: `Synthetic ${formatScore(Math.min(...synthetic.map(({ accuracy }) => accuracy)))} to ${formatScore(best.accuracy)}; best: ${best.run}${rules.map(({ name, accuracy }) => `; ${name} ${formatScore(accuracy)}`).join('')}.`,
    note: 'Dot: mean over seeds. Vertical bar: interval. Lines join the means of a method. The vertical axis does not begin at 0.',
    key: methods.map((method) => ({ name: method, colour: style(method).colour, sign: style(method).sign })),
    table: {
      head: ['Run', 'Method', 'ε', 'Balanced accuracy', 'Interval'],
      rows: points.map(({ run, method, epsilon, accuracy, low, high }) => [
        run,
        method,
        epsilon,
        formatScore(accuracy),
        formatInterval(low === null || high === null ? null : { low, high }),
      ]),
    },
    plot: (size) =>
      frame(size, {
        height: 300,
        marginRight: size === 'wide' ? 92 : 74,
        marginLeft: size === 'wide' ? 48 : 32,
        x: { type: 'point', domain: epsilons, label: 'ε', labelArrow: 'none', padding: 0.6 },
        y: { domain: [Math.min(...all), Math.max(...all)], nice: true, grid: true, label: null, ticks: 5 },
        marks: [
          Plot.ruleY(rules, { y: 'accuracy', stroke: 'var(--soft)', strokeDasharray: '3 4' }),
          ...methods.flatMap((method, i) => {
            const own = points.filter((point) => point.method === method);
            const { colour, symbol, dash } = style(method);
            // Side by side, so that intervals at one epsilon do not overlap.
            const dx = (i - (methods.length - 1) / 2) * (size === 'wide' ? 9 : 6);
            return [
              Plot.ruleX(
                own.filter(({ low }) => low !== null),
                {
                  x: 'epsilon',
                  y1: 'low',
                  y2: 'high',
                  stroke: colour,
                  strokeWidth: 5,
                  strokeOpacity: 0.35,
                  dx,
                },
              ),
              Plot.lineY(
                own,
                Plot.groupX(
                  { y: 'mean' },
                  { x: 'epsilon', y: 'accuracy', stroke: colour, strokeWidth: 2, strokeDasharray: dash, dx },
                ),
              ),
              Plot.dot(own, { x: 'epsilon', y: 'accuracy', fill: colour, symbol, r: 5, dx }),
            ];
          }),
          Plot.text(rules, {
            ...{ y: 'accuracy', text: 'name', fill: 'var(--soft)' },
            ...{ frameAnchor: 'right', textAnchor: 'start', dx: 6 },
          }),
        ],
      }),
  });
  return { ...id, body: chart };
}

/** Returns the points of the synthetic corpora, named by method. */
function syntheticPoints(runs: readonly ReportData[], named: Named): Point[] {
  return runs.flatMap((data) => {
    const { model, training } = data.config;
    return pointOf(data, 'synthetic', named(`${model}, ${describeAdapter(training.adapter)}`, data));
  });
}

/**
 * Returns the points of classifiers trained on the real records with DP. A point shared by several runs
 * appears once.
 */
function directPoints(runs: readonly ReportData[], named: Named): Point[] {
  const direct = runs.flatMap((data) =>
    pointOf(data, 'real-dp', named('Real records, directly with DP-SGD', data)),
  );
  const same = (a: Point, b: Point) =>
    a.method === b.method && a.epsilon === b.epsilon && a.accuracy === b.accuracy;
  return direct.filter((point, i) => direct.findIndex((one) => same(one, point)) === i);
}

function pointOf({ run, config, scores }: ReportData, source: ScoreSource, method: string): Point[] {
  const row = scores?.rows.find((candidate) => candidate.source === source);
  const accuracy = finite(row?.mean.balancedAccuracy ?? null);
  if (row === undefined || accuracy === null) return [];
  const interval = row.intervals.balancedAccuracy;
  const [low, high] = [finite(interval?.low ?? null), finite(interval?.high ?? null)];
  return [{ run, method, epsilon: formatEpsilon(config.privacy.epsilon), accuracy, low, high }];
}

/** Returns the mean of a row that all runs with this row share, or null if they differ. */
function sharedMean(runs: readonly ReportData[], source: ScoreSource): number | null {
  const means = runs.flatMap(({ scores }) => {
    const row = scores?.rows.find((candidate) => candidate.source === source);
    const mean = finite(row?.mean.balancedAccuracy ?? null);
    return mean === null ? [] : [mean];
  });
  return new Set(means).size === 1 ? means[0] : null;
}
