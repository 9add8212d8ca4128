import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { formatDifference, formatScore } from '../../../engine/report/format.ts';
import { verdictOf } from '../../../engine/report/verdict.ts';
import { SOURCES } from '../../../engine/report/words.ts';
import type { Metrics, ScoreRow, ScoreSource, Scores } from '../../../schemas/scores.ts';

const METRICS: readonly { key: keyof Metrics; name: string }[] = [
  { key: 'balancedAccuracy', name: 'Balanced accuracy' },
  { key: 'accuracy', name: 'Accuracy' },
  { key: 'macroF1', name: 'Macro-F1' },
];

const WHY_WIDTH = 66;

/**
 * Returns the result table: one row per source of training data, each metric with its interval. Internal rows
 * have a star.
 */
export function scoreTable(params: { scores: Scores; internal: ScoreSource[]; colors: Colors }): string {
  const { scores, internal, colors } = params;
  const table = new Table({
    head: ['Trained on', 'Records', ...METRICS.map(({ name }) => name)].map((name) => colors.bold(name)),
    colAligns: ['left', 'right', 'left', 'left', 'left'],
    style: { compact: true, head: [], border: colors.dim('x') === 'x' ? [] : ['gray'] },
  });
  for (const { source, name } of SOURCES) {
    const row = scores.rows.find((candidate) => candidate.source === source);
    // A row that was not requested is neither present nor missing.
    const missing = scores.missing.find((candidate) => candidate.source === source);
    if (row) table.push(scoreCells(row, internal.includes(source) ? `${name} *` : name, colors));
    else if (missing)
      table.push([name, { colSpan: 4, content: colors.yellow(`no score: ${shortened(missing.why)}`) }]);
  }
  return table.toString();
}

/**
 * The balanced accuracy of synthetic minus each other row, with the verdict; null if nothing was compared.
 */
export function differenceLine(scores: Scores): string | null {
  const parts = (scores.differences ?? []).map((difference) => {
    const name = SOURCES.find(({ source }) => source === difference.minus)?.name ?? difference.minus;
    const interval = difference.intervals.balancedAccuracy;
    const range =
      interval === null ? '' : ` (${formatDifference(interval.low)} to ${formatDifference(interval.high)})`;
    return `${name} ${formatDifference(difference.mean.balancedAccuracy)}${range} ${verdictOf(difference)}`;
  });
  return parts.length === 0 ? null : `Synthetic minus ${parts.join('; ')}`;
}

function scoreCells(row: ScoreRow, name: string, colors: Colors): string[] {
  const main = row.source === 'synthetic' ? colors.bold : (text: string) => text;
  const cells = METRICS.map(({ key }) => {
    const interval = row.intervals[key];
    const range = interval === null ? '' : `  ${formatScore(interval.low)} to ${formatScore(interval.high)}`;
    return main(formatScore(row.mean[key])) + (row.mean[key] === null ? '' : colors.dim(range));
  });
  const records = row.source === 'majority' ? '' : row.trainingRecords.toLocaleString('en-US');
  return [main(name), records, ...cells];
}

function shortened(why: string): string {
  const [line] = why.split('\n');
  return line.length > WHY_WIDTH ? `${line.slice(0, WHY_WIDTH - 1)}…` : line;
}
