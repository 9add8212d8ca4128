import type { SweepCell, SweepState } from '../schemas/sweep-state.ts';
import { inline, score, short } from './markdown.ts';

/** The Markdown that the Temporal UI shows on the page of a sweep: how far it is, and a table of its variants. Pure. */
export function sweepDetails(state: SweepState): string {
  const count = (status: SweepCell['status']) => state.cells.filter((cell) => cell.status === status).length;
  const failed = count('failed');
  const summary = `${count('done')} of ${state.cells.length} variants done, ${count('running')} running${failed > 0 ? `, **${failed} failed**` : ''}`;
  const table = [
    '| Variant | Run | State | Epsilon | Accuracy, synthetic | Balanced accuracy | Trainable | Training | Peak memory |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...state.cells.map(row),
  ].join('\n');
  const reasons = state.cells.flatMap(({ name, why }) =>
    why === null ? [] : [`- ${inline(name)}: ${inline(why)}`],
  );
  const closed = state.cells.some(({ status, published }) => status === 'done' && published === null);
  const note = closed
    ? 'Scores that may not be published are in the private reports; `dpsynth sweep` shows them where the store can be read.'
    : '';
  return [`### ${inline(state.name)}`, summary, table, reasons.join('\n'), note].filter(Boolean).join('\n\n');
}

function row(cell: SweepCell): string {
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
    `\`${cell.run}\``,
    stateOf(cell),
    cell.epsilon === 'none' ? 'none' : short(cell.epsilon),
    metric('accuracy'),
    metric('balancedAccuracy'),
    training === null ? '' : String(training.trainableParameters),
    training === null ? '' : `${training.seconds.toFixed(1)} s${training.cachedFrom ? ', cached' : ''}`,
    training === null ? '' : `${(training.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
  ].join(' | ')} |`;
}

function stateOf({ status, earlier }: SweepCell): string {
  return earlier ? `${status} before` : status;
}
