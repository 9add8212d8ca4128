import { gridSettings, randomSettings } from '../engine/classifier/search-settings.ts';
import { tuneInput } from '../schemas/activities.ts';
import { invalidConfig } from '../schemas/errors.ts';
import { type JobOf, tunedSchema } from '../schemas/jobs.ts';
import type { TuningSettings } from '../schemas/settings/tuning.ts';
import type { TriedSettings } from '../schemas/tuning.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createComputeStep } from './compute-step.ts';

/** Searches classifier settings on one source. The searches of a run try the same settings; those on real records decide nothing. */
export function createTune(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: tuneInput,
    output: tunedSchema,
    name: ({ source }) => `tune-${source}`,
    stage: () => 'tuning',
    job: ({ run, config, source, train, test }): JobOf<'tune'> => {
      const { tuning } = config.evaluation;
      if (tuning === undefined)
        throw invalidConfig('evaluation.tuning is not given: there is nothing to search.');
      return {
        kind: 'tune',
        store: deps.store.uri,
        run,
        source,
        model: config.model,
        labels: config.corpus.labels,
        train,
        scoredOn: test === null ? { heldOutFraction: tuning.validationFraction } : { test },
        classifier: config.classifier,
        settings: settingsOf(tuning, config.seed),
        seed: config.seed,
      };
    },
  });
}

function settingsOf({ space, count }: TuningSettings, seed: number): TriedSettings[] {
  return count === undefined ? gridSettings(space) : randomSettings({ space, count, seed });
}
