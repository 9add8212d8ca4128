import { gridSettings, randomSettings } from '../../engine/classifier/search-settings.ts';
import { rankAgreement } from '../../engine/metrics/ranking/rank-agreement.ts';
import { evaluationInputs, type ReportInput } from '../../schemas/activities.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import {
  type TriedSettings,
  type Tuning,
  type TuningSettings,
  type TuningSource,
  tuning,
  tuningSearchSchema,
} from '../../schemas/evaluations/tuning.ts';
import type { JobOf } from '../../schemas/jobs.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { createComputeStep } from '../compute-step.ts';

/** Searches classifier settings on one source. The searches of a run try the same settings; those on real records decide nothing. */
export function createTuning(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: evaluationInputs.tuning,
    output: tuning.activity.output,
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

/** The searches of a run and how far they agree; undefined where none was asked for. Searches on real records are private. */
export async function collectTuning(params: {
  store: ArtifactStore;
  input: Pick<ReportInput, 'tuning'>;
}): Promise<Tuning | undefined> {
  const { store, input } = params;
  if (input.tuning === undefined) return undefined;
  const [searches, missing]: [Tuning['searches'], Tuning['missing']] = [[], []];
  for (const { source, search, why } of input.tuning) {
    if (search === null) missing.push({ source, why: why ?? 'not computed' });
    else searches.push(await store.readJson(search, tuningSearchSchema));
  }
  const agreement = (source: TuningSource) => {
    const [proxy, truth] = [source, 'real'].map((name) => searches.find((one) => one.source === name));
    return proxy && truth ? rankAgreement({ truth: truth.searched, proxy: proxy.searched }) : null;
  };
  return {
    searches,
    missing,
    agreement: { synthetic: agreement('synthetic'), real: agreement('real-again') },
  };
}
