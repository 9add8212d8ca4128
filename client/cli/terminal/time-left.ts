import type { StageProgress } from '../../experiment/stage-progress.ts';

/**
 * Observed growth of a stage's fraction: from `from` at `since` to `fraction` at `at`. Times in milliseconds.
 */
type Seen = { since: number; from: number; at: number; fraction: number };

export type TimeLeft = {
  /** Records the progress of a stage. */
  see: (stage: StageProgress, now: number) => void;
  /** Seconds until the stage ends at the observed pace; null while too little was observed. */
  secondsLeft: (stage: StageProgress, now: number) => number | null;
};

const LEAST_FRACTION = 0.04;
const LEAST_MS = 2_000;
/** A longer gap between two looks means that this process or its machine was suspended. */
const PAUSE_MS = 60_000;

/**
 * Estimates how long stages still take from their observed progress. The time since a stage began is no
 * measure of its pace: the run may have been stopped overnight, and a resumed stage starts at its checkpoint.
 */
export function createTimeLeft(): TimeLeft {
  const seenOf = new Map<string, Seen>();
  const waited = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  return {
    see: (stage, now) => {
      const { stage: name, status, fraction } = stage;
      if (now - last > PAUSE_MS) {
        seenOf.clear();
        waited.clear();
      }
      last = now;
      if (status === 'waiting') waited.add(name);
      if (status !== 'running') {
        seenOf.delete(name);
        return;
      }
      const seen = seenOf.get(name);
      if (seen !== undefined && fraction >= seen.fraction) {
        if (fraction > seen.fraction) Object.assign(seen, { at: now, fraction });
        return;
      }
      seenOf.delete(name);
      // A stage of several parts has no checkpoint, so its first finished part gives the pace. A single part
      // reports 0 until it knows where it resumes.
      const beganNow = seen === undefined && waited.has(name) && stage.of > 1;
      if (fraction > 0 || beganNow) seenOf.set(name, { since: now, from: fraction, at: now, fraction });
    },
    secondsLeft: ({ stage, fraction }, now) => {
      const seen = seenOf.get(stage);
      if (seen === undefined || fraction >= 1) return null;
      const done = seen.fraction - seen.from;
      const took = seen.at - seen.since;
      if (done < LEAST_FRACTION || took < LEAST_MS) return null;
      return Math.max(0, (took / done) * (1 - seen.fraction) - (now - seen.at)) / 1000;
    },
  };
}
