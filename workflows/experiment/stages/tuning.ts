import { isCancellation } from '@temporalio/workflow';
import type { ReportInput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { TuningSource } from '../../../schemas/evaluations/tuning.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { whyOf } from '../../shared/failure.ts';
import { named, type Scope } from './scope.ts';

/** The searches of classifier settings, where they are asked for. One that fails is missing with its reason; the run goes on. */
export async function searchClassifiers(
  { run, config, tracker }: Scope,
  { prepared, synthetic }: { prepared: PreparedCorpus; synthetic: ArtifactRef[] },
): Promise<ReportInput['tuning']> {
  if (config.evaluation.tuning === undefined) {
    tracker.skip('tuning');
    return undefined;
  }
  const real = { train: [prepared.train], test: prepared.test };
  const searches: { source: TuningSource; train: ArtifactRef[]; test: ArtifactRef | null }[] = [
    { source: 'synthetic', train: synthetic, test: null },
    { source: 'real', ...real },
    { source: 'real-again', ...real },
  ];
  return tracker.stage('tuning', searches.length, () =>
    allOrCancel(() =>
      searches.map(async ({ source, train, test }) => {
        try {
          const { search } = await tracker.count(
            'tuning',
            cpu.tune.executeWithOptions(named(`tuning-${source}`, source), [
              { run, config, source, train, test },
            ]),
          );
          return { source, search };
        } catch (error) {
          if (isCancellation(error)) throw error;
          return { source, search: null, why: whyOf(error) };
        }
      }),
    ),
  );
}
