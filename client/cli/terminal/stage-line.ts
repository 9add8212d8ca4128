import type { Colors } from 'picocolors/types.js';
import { STAGES } from '../../../schemas/stages.ts';
import type { StageProgress } from '../../experiment/stage-progress.ts';
import { formatClock } from './duration.ts';

const LABEL_WIDTH = Math.max(...Object.values(STAGES).map((label) => label.length));
const BAR_WIDTH = 24;
const MARKS = { waiting: '·', running: '▸', done: '✔', failed: '✖', skipped: '–' } as const;

/**
 * Returns a stage as one line of at most `columns` characters: mark, name, bar, percentage, time
 * and current work.
 */
export function stageLine(params: {
  stage: StageProgress;
  now: number;
  /** Seconds; null if they cannot be estimated. */
  left: number | null;
  colors: Colors;
  columns: number;
}): string {
  const { stage, now, left, colors, columns } = params;
  const { status, fraction } = stage;
  const paint = {
    waiting: colors.dim,
    running: colors.cyan,
    done: colors.green,
    failed: colors.red,
    skipped: colors.dim,
  };
  const label = STAGES[stage.stage].padEnd(LABEL_WIDTH);
  const filled = Math.round(fraction * BAR_WIDTH);
  const bar = paint[status]('█'.repeat(filled)) + colors.dim('░'.repeat(BAR_WIDTH - filled));
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const room = columns - (LABEL_WIDTH + BAR_WIDTH + 11);
  const words = stageWords(stage, now, left);
  const tail = words.length > room ? `${words.slice(0, Math.max(0, room - 1))}…` : words;
  return `${paint[status](MARKS[status])} ${status === 'waiting' ? colors.dim(label) : label}  ${bar} ${percent}  ${colors.dim(tail)}`;
}

/** Elapsed time, time left if it can be estimated, and current work. */
export function stageWords(stage: StageProgress, now: number, left: number | null): string {
  if (stage.status === 'waiting') return 'waiting';
  if (stage.status === 'skipped') return 'skipped';
  const elapsed = elapsedSeconds(stage, now);
  if (stage.status !== 'running') {
    const retries = stage.attempts - stage.of;
    const attempts = retries > 0 ? `, ${retries} retried` : '';
    const cached = stage.cached > 0 ? `, ${stage.cached} of ${stage.of} from the cache` : '';
    return `${stage.status === 'failed' ? 'failed after ' : ''}${formatClock(elapsed)}${attempts}${cached}`;
  }
  return [formatClock(elapsed), left === null ? '' : `about ${formatClock(left)} left`, stage.note]
    .filter((part) => part !== '')
    .join(' · ');
}

function elapsedSeconds(stage: StageProgress, now: number): number {
  if (stage.startedAt === null) return 0;
  const end = stage.endedAt === null ? now : Date.parse(stage.endedAt);
  return Math.max(0, (end - Date.parse(stage.startedAt)) / 1000);
}
