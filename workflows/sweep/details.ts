import { describeCost } from '../../schemas/sweep/describe-cost.ts';
import { rankTrials, type TrialCell, trialCells } from '../../schemas/sweep/rank-trials.ts';
import type { SearchConfig } from '../../schemas/sweep/search.ts';
import type { SweepCell, SweepState } from '../../schemas/sweep/sweep-state.ts';
import { inline, page, score, short } from '../shared/markdown.ts';

/** The most rows and reasons on a page. Nobody reads hundreds, and the query has them all. */
const MOST_ROWS = 50;
const MOST_REASONS = 10;

/**
 * Returns the Markdown that the Temporal UI shows on the page of a sweep: progress, cost and a table
 * of variants. Pure.
 */
export function sweepDetails(state: SweepState): string {
  const { cells, objective, cost } = state;
  const reasons = cells.flatMap(({ name, why }) =>
    why === null ? [] : [`- ${inline(name)}: ${inline(why)}`],
  );
  const closed = cells.some(({ status, published }) => status === 'done' && published === null);
  const note = closed
    ? 'Scores that may not be published are in the private reports. `dpsynth sweep` shows them if it can read the store.'
    : '';
  return page([
    `### ${inline(state.name)}`,
    summary(state),
    objective === undefined
      ? `The run of a variant is \`${state.sweep}-VARIANT\`. Relationships lists the runs.`
      : '',
    objective === undefined ? variantTable(cells) : ranking(cells, objective),
    firstOf(reasons, MOST_REASONS).join('\n'),
    note,
    cost === undefined ? '' : describeCost(cost).join('\n\n'),
  ]);
}

function summary({ cells, objective, paused }: SweepState): string {
  const count = (status: SweepCell['status']) => cells.filter((cell) => cell.status === status).length;
  const [failed, stopped] = [count('failed'), count('stopped')];
  const of = objective === undefined ? `${cells.length} variants` : `${cells.length} started trials`;
  return [
    `${count('done')} of ${of} done`,
    `${count('running')} running`,
    ...(failed > 0 ? [`**${failed} failed**`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
    ...(paused ? ['**paused**'] : []),
  ].join(', ');
}

/** Leaves out the columns of scores if no score is public, to fit its pane. */
function variantTable(cells: readonly SweepCell[]): string {
  const isScored = cells.some(({ published }) => published !== null);
  const head = [
    ...['Variant', 'State', 'Epsilon'],
    ...(isScored ? ['Accuracy, synthetic', 'Balanced accuracy'] : []),
    'Trainable',
  ];
  return [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...firstOf(
      cells.map((cell) => row(cell, isScored)),
      MOST_ROWS,
    ),
  ].join('\n');
}

/** The trials of a search: those with a score, best first, then the running ones. */
function ranking(cells: readonly SweepCell[], objective: SearchConfig['objective']): string {
  const ranked = rankTrials(cells, { objective });
  const paths = [...new Set(trialCells(cells).flatMap(({ trial }) => Object.keys(trial.values)))];
  const isLadder = trialCells(cells).some(({ trial }) => trial.rung > 0 || trial.verdict !== null);
  const head = ['Rank', 'Trial', 'Run', 'State', ...(isLadder ? ['Rung'] : []), objective.metric, ...paths];
  const line = (cell: TrialCell, rank: string) =>
    `| ${[
      rank,
      inline(cell.name),
      `\`${cell.run}\``,
      cell.trial.verdict === 'given up' ? 'given up' : stateOf(cell),
      ...(isLadder ? [String(cell.trial.rung + 1)] : []),
      cell.trial.score === null ? '' : score(cell.trial.score),
      ...paths.map((path) => inline(valueText(cell.trial.values[path]))),
    ].join(' | ')} |`;
  const running = trialCells(cells).filter(({ status }) => status === 'running');
  return [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...firstOf(
      ranked.map((cell, at) => line(cell, String(at + 1))),
      MOST_ROWS,
    ),
    ...running.map((cell) => line(cell, '')),
  ].join('\n');
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function firstOf(lines: string[], most: number): string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

function row(cell: SweepCell, isScored: boolean): string {
  const { training } = cell;
  const synthetic = cell.published?.find(({ source }) => source === 'synthetic');
  const metric = (key: 'accuracy' | 'balancedAccuracy') => {
    if (synthetic === undefined) return '';
    const interval = synthetic.intervals[key];
    const range = interval === null ? '' : ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`;
    return `${score(synthetic.mean[key])}${range}`;
  };
  return `| ${[
    inline(cell.name),
    stateOf(cell),
    cell.epsilon === 'none' ? 'none' : short(cell.epsilon),
    ...(isScored ? [metric('accuracy'), metric('balancedAccuracy')] : []),
    training === null ? '' : `${training.trainableParameters}${training.cachedFrom ? ', cached' : ''}`,
  ].join(' | ')} |`;
}

function stateOf({ status, earlier }: SweepCell): string {
  return earlier ? `${status} earlier` : status;
}
