import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { classifierName } from '../../../engine/report/comparison/classifier-name.ts';
import {
  formatBytes,
  formatCount,
  formatEpsilon,
  formatScore,
  formatSeconds,
} from '../../../engine/report/format.ts';
import { SOURCES } from '../../../engine/report/words.ts';
import type { ComparedCell, ComparedRow } from '../../sweep/read-comparison.ts';

/**
 * Returns one row per variant, with the scores of its synthetic corpus and the cost of its training, below
 * the rows that all variants share.
 */
export function sweepTable(params: { cells: readonly ComparedCell[]; colors: Colors }): string {
  const { cells, colors } = params;
  const measured = cells.some(({ heldOut }) => heldOut !== undefined);
  // Each row names its classifier only if the sweep compares kinds of classifiers.
  const mixed = new Set(cells.flatMap(({ classifier }) => classifier ?? [])).size > 1;
  const kind = ({ classifier }: ComparedCell) =>
    mixed ? [classifier === undefined ? '' : classifierName({ kind: classifier })] : [];
  const head = [
    'Variant',
    ...(mixed ? ['Classifier'] : []),
    'Epsilon',
    'Accuracy',
    'Balanced accuracy',
    ...(measured ? ['Held-out nats'] : []),
    'Trainable',
    'Training',
    'Peak memory',
    'Status',
  ];
  const table = new Table({
    head: head.map((name) => colors.bold(name)),
    colAligns: [
      'left',
      ...(mixed ? ['left' as const] : []),
      'right',
      'left',
      'left',
      ...(measured ? ['right' as const] : []),
      'right',
      'right',
      'right',
      'left',
    ],
    style: { compact: true, head: [], border: colors.dim('x') === 'x' ? [] : ['gray'] },
  });
  for (const { name, row } of sharedRows(cells))
    table.push([
      colors.dim(name),
      ...(mixed ? [''] : []),
      '',
      ...scores(row, colors),
      ...(measured ? [''] : []),
      '',
      '',
      '',
      '',
    ]);
  for (const cell of cells) {
    if (cell.status === 'failed') {
      const why = colors.red(`failed: ${firstLine(cell.why ?? 'unknown', 90)}`);
      table.push([
        cell.name,
        ...kind(cell),
        formatEpsilon(cell.epsilon),
        { colSpan: measured ? 7 : 6, content: why },
      ]);
      continue;
    }
    const { training } = cell;
    table.push([
      `${cell.name}${triedText(cell)}${cell.internal.includes('synthetic') ? ' *' : ''}`,
      ...kind(cell),
      formatEpsilon(cell.epsilon),
      ...syntheticScores(cell, colors),
      ...(measured ? [heldOutLoss(cell)] : []),
      training === null ? '' : formatCount(training.trainableParameters),
      cell.cost === undefined ? '' : formatSeconds(cell.cost.seconds),
      cell.cost === undefined ? '' : formatBytes(cell.cost.peakRssBytes),
      statusOf(cell),
    ]);
  }
  return table.toString();
}

/** The rows that do not depend on training, once each. If variants differ in a row, it names its variants. */
function sharedRows(cells: readonly ComparedCell[]): { name: string; row: ComparedRow }[] {
  return SOURCES.filter(({ source }) => source !== 'synthetic').flatMap(({ source, name }) => {
    const groups = new Map<string, { row: ComparedRow; cells: ComparedCell[] }>();
    for (const cell of cells) {
      const row = cell.rows.find((one) => one.source === source);
      if (row === undefined) continue;
      const key = JSON.stringify(row);
      const group = groups.get(key) ?? { row, cells: [] };
      group.cells.push(cell);
      groups.set(key, group);
    }
    return [...groups.values()].map((group) => {
      const star = group.cells.some(({ internal }) => internal.includes(source)) ? ' *' : '';
      const whose = groups.size > 1 ? ` (${group.cells.map((cell) => cell.name).join(', ')})` : '';
      return { name: `${name}${whose}${star}`, row: group.row };
    });
  });
}

function syntheticScores(cell: ComparedCell, colors: Colors): Table.Cell[] {
  const row = cell.rows.find(({ source }) => source === 'synthetic');
  if (row !== undefined) return scores(row, colors);
  const why = cell.missing.find(({ source }) => source === 'synthetic')?.why;
  return [{ colSpan: 2, content: why === undefined ? '' : colors.red(`no score: ${firstLine(why, 40)}`) }];
}

/** The loss on the same real test records before and after fine-tuning. */
function heldOutLoss({ heldOut }: ComparedCell): string {
  if (heldOut === undefined) return '';
  return `${formatScore(heldOut.untuned.nats)} to ${formatScore(heldOut.tuned.nats)}`;
}

function scores(row: ComparedRow, colors: Colors): string[] {
  return (['accuracy', 'balancedAccuracy'] as const).map((key) => {
    const interval = row.intervals[key];
    const range = interval === null ? '' : `  ${formatScore(interval.low)} to ${formatScore(interval.high)}`;
    return formatScore(row.mean[key]) + colors.dim(range);
  });
}

/** The settings that a trial of a search tried: `, peak 0.02, steps 8`. */
function triedText({ trial }: ComparedCell): string {
  return Object.entries(trial?.values ?? {})
    .map(
      ([path, value]) =>
        `, ${path.split('.').at(-1)} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join('');
}

function statusOf({ status, earlier, training, trial }: ComparedCell): string {
  if (trial?.verdict === 'given up') return 'given up';
  if (earlier) return `${status} earlier`;
  return training?.cachedFrom === undefined ? status : `${status}, trained by ${training.cachedFrom}`;
}

function firstLine(text: string, width: number): string {
  const [line] = text.split('\n');
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
