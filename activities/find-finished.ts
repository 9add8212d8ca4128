import {
  type FindFinishedInput,
  findFinishedInput,
  type ReportOutput,
  reportOutput,
} from '../schemas/activities.ts';
import { manifestSchema } from '../schemas/artifact.ts';
import { invalidConfig } from '../schemas/errors.ts';
import { type ExperimentConfig, experimentSchema } from '../schemas/experiment.ts';
import { runLayout } from '../schemas/run-layout.ts';
import { decisiveExperiment } from '../schemas/settings/decisive.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { destroySecrets } from './report/destroy-secrets.ts';
import { keptResult } from './step.ts';
import { toFailure } from './to-failure.ts';

/**
 * The result of a run of this name that has ended, or null. The store knows it longer than the Temporal server does.
 * Throws InvalidConfig where that run had other settings: its name is taken.
 */
export function createFindFinished({ store }: ActivityDeps) {
  return async (given: FindFinishedInput): Promise<ReportOutput | null> => {
    try {
      const { run, config } = findFinishedInput.parse(given);
      const result = await keptResult({ store, run, name: 'report', output: reportOutput });
      if (result === undefined) return null;
      if (!(await isOfThese({ store, run, config })))
        throw invalidConfig(
          `The run ${run} has ended before, with other settings. Start the sweep under another id, or name the variant anew.`,
        );
      // A worker may have died between keeping the result and this.
      await destroySecrets({ store, run });
      return result;
    } catch (error) {
      throw toFailure(error);
    }
  };
}

async function isOfThese(params: {
  store: ArtifactStore;
  run: string;
  config: ExperimentConfig;
}): Promise<boolean> {
  const { store, run, config } = params;
  const manifest = await store.readKeyJson(runLayout(run).manifest.private, manifestSchema);
  if (manifest === null) return false;
  const before = experimentSchema.safeParse(manifest.config);
  return before.success && same(decisiveExperiment(before.data), decisiveExperiment(config));
}

function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
