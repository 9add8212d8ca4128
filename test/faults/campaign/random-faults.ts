import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Started, startRun, startRuns } from './campaign-runs.ts';
import { startCluster } from './cluster.ts';
import { EXPERIMENT, SWEEP } from './settings.ts';
import { createStriker } from './strike.ts';
import type { Tally } from './tally.ts';

/** Each activity is tried five times: so many faults never end a run, whatever they hit. */
const MOST_A_RUN = 4;
const SWEEP_KEYS = SWEEP.variants.map(({ name }) => name);

/**
 * An experiment and a sweep undisturbed; then experiments and sweeps in turn, with faults at random moments,
 * until there have been `faults`.
 */
export async function randomFaults(params: {
  folder: string;
  mark: string;
  tally: Tally;
  faults: number;
  random: () => number;
}): Promise<void> {
  const { folder, mark, tally, faults, random } = params;
  const storeUri = pathToFileURL(join(folder, 'store')).href;
  const cluster = await startCluster({ folder, storeUri, mark });
  const all: string[] = [];
  const kept = (started: Started) => {
    all.push(...started.runs);
    return started;
  };
  try {
    await tally.undisturbed(cluster, kept(await startRun(cluster, 'calm', EXPERIMENT)), ['experiment']);
    await tally.undisturbed(cluster, kept(await startRuns(cluster, 'calm-sweep', SWEEP)), SWEEP_KEYS);
    const strike = createStriker({ random, tally });
    for (let i = 1; tally.figures.faults < faults; i++) {
      const isSweep = i % 3 === 0;
      const started = kept(
        isSweep
          ? await startRuns(cluster, `sweep-${i}`, SWEEP)
          : await startRun(cluster, `run-${i}`, EXPERIMENT),
      );
      await strike(cluster, started, Math.min(MOST_A_RUN, faults - tally.figures.faults));
      await tally.disturbed(cluster, started, isSweep ? SWEEP_KEYS : ['experiment']);
    }
    await tally.charges(cluster, all);
  } finally {
    tally.orphans(await cluster.stop());
  }
}
