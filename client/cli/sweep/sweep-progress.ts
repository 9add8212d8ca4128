import type { WriteStream } from 'node:tty';
import cliProgress from 'cli-progress';
import type { Colors } from 'picocolors/types.js';
import { STAGES } from '../../../schemas/stages.ts';
import type { SweepCell } from '../../../schemas/sweep/sweep-state.ts';
import { stageProgress } from '../../experiment/stage-progress.ts';
import type { SweepView } from '../../sweep/watch-sweep.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { formatClock } from '../terminal/duration.ts';

export type SweepDisplay = { update: (view: SweepView) => void; stop: () => void };

/**
 * Shows one bar for the sweep and one per running variant on a terminal; elsewhere it prints a line
 * for each change.
 */
export function createSweepDisplay(stream: WriteStream = process.stderr): SweepDisplay {
  return stream.isTTY ? createBars(stream) : createLines(stream);
}

/** The progress of a variant, from 0 to 1 and in words. */
function progressOf(cell: SweepCell, view: SweepView): { fraction: number; words: string } {
  const run = view.running.get(cell.run);
  const stages = run === undefined ? [] : stageProgress(run);
  const fraction = stages.reduce((sum, stage) => sum + stage.fraction, 0) / Math.max(stages.length, 1);
  const words = stages
    .filter(({ status }) => status === 'running')
    .map(({ stage, note }) => [STAGES[stage], note].filter(Boolean).join(' '));
  return { fraction, words: words.join('; ') || 'starting' };
}

function endedLine(cell: SweepCell, colors: Colors): string {
  if (cell.status === 'stopped') return `${colors.yellow('■')} ${cell.name}  stopped`;
  const seconds = (Date.parse(cell.endedAt ?? '') - Date.parse(cell.startedAt ?? '')) / 1000;
  return cell.status === 'failed'
    ? `${colors.red('✖')} ${cell.name}  failed after ${formatClock(seconds)}: ${cell.why?.split('\n')[0]}`
    : `${colors.green('✔')} ${cell.name}  ${cell.earlier ? 'done earlier' : formatClock(seconds)}`;
}

function isEnded({ status }: SweepCell): boolean {
  return status === 'done' || status === 'failed' || status === 'stopped';
}

const BAR_WIDTH = 24;

type Line = { mark: string; fraction: number; name: string; words: string };

function createBars(stream: WriteStream): SweepDisplay {
  const colors = colorsFor(stream);
  const bars: cliProgress.SingleBar[] = [];
  const told = new Set<string>();
  const multi = new cliProgress.MultiBar({
    stream,
    fps: 4,
    hideCursor: true,
    clearOnComplete: false,
    emptyOnZero: true,
    gracefulExit: false,
    format: (_options, _params, { line }: { line: Line | null }) =>
      line === null ? '' : paint({ line, colors, columns: Math.min(stream.columns || 100, 120) }),
  });
  const show = (at: number, line: Line | null) => {
    if (bars[at] === undefined) bars[at] = multi.create(1, 0, { line });
    else bars[at].update(0, { line });
  };
  return {
    update: (view) => {
      const cells = view.state?.cells ?? [];
      for (const cell of cells.filter(isEnded)) {
        if (told.has(cell.run)) continue;
        told.add(cell.run);
        multi.log(`${endedLine(cell, colors)}\n`);
      }
      const running = cells.filter(({ status }) => status === 'running');
      const words = `${told.size} of ${cells.length} ended`;
      show(0, { mark: ' ', fraction: told.size / Math.max(cells.length, 1), name: 'all variants', words });
      for (const [at, cell] of running.entries())
        show(at + 1, { mark: '▸', name: cell.name, ...progressOf(cell, view) });
      for (let at = running.length + 1; at < bars.length; at++) show(at, null);
    },
    stop: () => {
      // The lines of the last variants appear only when the bars are drawn again.
      multi.update();
      multi.stop();
    },
  };
}

/** Returns one line of at most `columns` characters: mark, bar, name and current work. */
function paint(params: { line: Line; colors: Colors; columns: number }): string {
  const { line, colors, columns } = params;
  const filled = Math.round(line.fraction * BAR_WIDTH);
  const bar = colors.cyan('█'.repeat(filled)) + colors.dim('░'.repeat(BAR_WIDTH - filled));
  const room = Math.max(0, columns - BAR_WIDTH - line.name.length - 6);
  const words = line.words.length > room ? `${line.words.slice(0, Math.max(0, room - 1))}…` : line.words;
  return `${line.mark} ${bar}  ${line.name}  ${colors.dim(words)}`;
}

function createLines(stream: NodeJS.WritableStream): SweepDisplay {
  const colors = colorsFor({});
  const begun = Date.now();
  const last = new Map<string, string>();
  const tell = (run: string, line: string) => {
    if (last.get(run) === line) return;
    last.set(run, line);
    stream.write(`[${formatClock((Date.now() - begun) / 1000)}] ${line}\n`);
  };
  return {
    update: (view) => {
      for (const cell of view.state?.cells ?? []) {
        if (isEnded(cell)) tell(cell.run, endedLine(cell, colors));
        if (cell.status !== 'running') continue;
        const { fraction, words } = progressOf(cell, view);
        const stage = words.split(/ \d|,/)[0];
        tell(cell.run, `▸ ${cell.name}  ${Math.floor(fraction * 10) * 10}%, ${stage}`);
      }
    },
    stop: () => {},
  };
}
