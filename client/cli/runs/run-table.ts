import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { formatNumber, formatScore, formatTime } from '../../../engine/report/format.ts';
import type { ListedRun } from '../../runs/list-runs.ts';

/** Returns a table with one row per run. */
export function runTable(params: { runs: readonly ListedRun[]; colors: Colors }): string {
  const { runs, colors } = params;
  const table = new Table({
    head: ['Run', 'Type', 'Status', 'Stage', 'Dataset', 'Epsilon', 'Accuracy', 'Started'].map((name) =>
      colors.bold(name),
    ),
    colAligns: ['left', 'left', 'left', 'left', 'left', 'right', 'right', 'left'],
    style: { compact: true, head: [], border: colors.dim('x') === 'x' ? [] : ['gray'] },
  });
  for (const { run, type, status, stage, dataset, epsilon, score, startedAt } of runs)
    table.push([
      run,
      type,
      statusText(status, colors),
      stage ?? '',
      dataset ?? '',
      epsilon === null ? '' : formatNumber(epsilon),
      score === null ? '' : formatScore(score),
      formatTime(startedAt),
    ]);
  return table.toString();
}

function statusText(status: string, colors: Colors): string {
  const text = status.toLowerCase().replaceAll('_', ' ');
  if (status === 'COMPLETED') return colors.green(text);
  return status === 'RUNNING' ? text : colors.red(text);
}
