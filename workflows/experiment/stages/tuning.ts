import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { ReportedOf } from '../../../schemas/evaluations/index.ts';
import type { TuningSource } from '../../../schemas/evaluations/tuning.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { eachPart } from './each-part.ts';
import { type Corpora, partOf, type Scope } from './scope.ts';

type Search = { source: TuningSource; train: ArtifactRef[]; test: ArtifactRef | null };

/** The searches of classifier settings. */
export function searchClassifiers(
  scope: Scope,
  { prepared, synthetic }: Corpora,
): Promise<NonNullable<ReportedOf<'tuning'>>> {
  const { run, config, tracker } = scope;
  const real = { train: [prepared.train], test: prepared.test };
  const searches: Search[] = [
    { source: 'synthetic', train: synthetic, test: null },
    { source: 'real', ...real },
    { source: 'real-again', ...real },
  ];
  return eachPart(scope, {
    stage: 'tuning',
    parts: searches,
    run: async ({ source, train, test }) => {
      const { search } = await tracker.count(
        'tuning',
        cpu.tune.executeWithOptions(partOf('tuning', source), [{ run, config, source, train, test }]),
      );
      return { source, search };
    },
    missing: ({ source }, why) => ({ source, search: null, why }),
  });
}
