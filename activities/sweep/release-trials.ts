import { type ChosenFrom, type ReleasedTrials, releaseTrialsInput } from '../../schemas/activities.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createRepeatable } from '../repeatable.ts';
import { releaseRun } from '../report/release-run.ts';
import { readReportInput } from '../report/report-input.ts';
import { composedCost, distinctReleases, trainingsOf } from './trainings.ts';

/**
 * Releases the successful runs of a sweep, once all runs have ended. Whoever chooses among them has seen them
 * all, so each states the combined cost of all their trainings. If the sweep continues later, releasing them
 * again states the larger cost.
 */
export function createReleaseTrials(deps: ActivityDeps) {
  const { store } = deps;
  return createRepeatable({
    input: releaseTrialsInput,
    run: async ({ sweep, runs }, onProgress): Promise<ReleasedTrials> => {
      const chosenFrom = await costOfChoice({ store, sweep, runs });
      const released: ReleasedTrials = [];
      for (const [index, run] of runs.entries()) {
        onProgress({ phase: 'release', step: index, of: runs.length });
        const input = await readReportInput({ store, run });
        if (input === null || !input.plan.mechanism.private || chosenFrom === null) continue;
        const { release } = await releaseRun({ deps, input, chosenFrom });
        if (release !== null) released.push({ run, release });
      }
      return released;
    },
  });
}

async function costOfChoice(params: {
  store: ArtifactStore;
  sweep: string;
  runs: readonly string[];
}): Promise<ChosenFrom | null> {
  const trainings = await trainingsOf(params);
  const releases = distinctReleases(trainings);
  const cost = composedCost(releases);
  if (cost === null) return null;
  return {
    sweep: params.sweep,
    trainings: releases.length,
    ...cost,
    withoutPrivacy: trainings.filter(({ mechanism }) => !mechanism.private).length,
  };
}
