import type { WriteStream } from 'node:tty';
import cliProgress from 'cli-progress';
import { STAGES } from '../../../schemas/stages.ts';
import { type StageProgress, stageProgress } from '../../experiment/stage-progress.ts';
import type { ExperimentView } from '../../experiment/watch-experiment.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { formatClock } from '../terminal/duration.ts';
import { stageLine, stageWords } from '../terminal/stage-line.ts';
import { createTimeLeft } from '../terminal/time-left.ts';

export type ProgressDisplay = { update: (view: ExperimentView) => void; stop: () => void };

/**
 * Shows live bars, one per stage, on a terminal; elsewhere it prints a line for each change and each tenth
 * of a stage.
 */
export function createProgressDisplay(stream: WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? createBars(stream) : createLines(stream);
}

function createBars(stream: WriteStream): ProgressDisplay {
  const colors = colorsFor(stream);
  const time = createTimeLeft();
  const bars = new Map<string, cliProgress.SingleBar>();
  const told = tellOnce((line) => multi.log(`${line}\n`));
  const multi = new cliProgress.MultiBar({
    stream,
    fps: 4,
    hideCursor: true,
    clearOnComplete: false,
    emptyOnZero: true,
    gracefulExit: false,
    format: (_options, _params, { stage }: { stage: StageProgress }) =>
      stageLine({
        stage,
        now: Date.now(),
        left: time.secondsLeft(stage, Date.now()),
        colors,
        columns: Math.min(stream.columns || 100, 120),
      }),
  });
  return {
    update: (view) => {
      told(view);
      for (const stage of stageProgress(view)) {
        time.see(stage, Date.now());
        const bar = bars.get(stage.stage);
        if (bar === undefined) bars.set(stage.stage, multi.create(1, stage.fraction, { stage }));
        else bar.update(stage.fraction, { stage });
      }
    },
    stop: () => multi.stop(),
  };
}

function createLines(stream: NodeJS.WritableStream): ProgressDisplay {
  const begun = Date.now();
  const time = createTimeLeft();
  const last = new Map<string, string>();
  const told = tellOnce((line) => stream.write(`${line}\n`));
  return {
    update: (view) => {
      told(view);
      for (const stage of stageProgress(view)) {
        const now = Date.now();
        time.see(stage, now);
        const key = `${stage.status} ${Math.floor(stage.fraction * 10)} ${stage.attempts}`;
        if (last.get(stage.stage) === key) continue;
        last.set(stage.stage, key);
        if (stage.status === 'waiting') continue;
        const percent =
          stage.status === 'running'
            ? `${Math.floor(stage.fraction * 100)}%, `
            : stage.status === 'skipped'
              ? ''
              : `${stage.status}, `;
        const clock = formatClock((now - begun) / 1000);
        stream.write(
          `[${clock}] ${STAGES[stage.stage]}: ${percent}${stageWords(stage, now, time.secondsLeft(stage, now))}\n`,
        );
      }
    },
    stop: () => {},
  };
}

/** Says once each time what a person must do before the run can continue. */
function tellOnce(say: (line: string) => void): (view: ExperimentView) => void {
  let last: string | null = null;
  return ({ state }) => {
    const now = state?.waitingFor ?? null;
    if (now !== last && now !== null) say(`The run is waiting for ${now}`);
    last = now;
  };
}
