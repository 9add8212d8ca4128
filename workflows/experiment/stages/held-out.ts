import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { ReportedOf } from '../../../schemas/evaluations/index.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { orMissing } from '../../shared/or-missing.ts';
import { type Corpora, partOf, type Scope } from './scope.ts';

/** The loss of held-out text under both models: each says nothing without the other. */
export function measureHeldOut(
  { run, config, tracker }: Scope,
  { adapter, prepared }: Corpora,
): Promise<ReportedOf<'heldOut'>> {
  const measure = async (which: 'tuned' | 'untuned', from: ArtifactRef | null) => {
    const { loss } = await tracker.count(
      'heldOut',
      gpu.heldOut.executeWithOptions(partOf('heldOut', which, `the ${which} model`), [
        { run, config, adapter: from, test: prepared.test },
      ]),
    );
    return loss;
  };
  return orMissing<ReportedOf<'heldOut'>>(
    async () => {
      const [tuned, untuned] = await tracker.stage('heldOut', 2, () =>
        allOrCancel(() => [measure('tuned', adapter), measure('untuned', null)]),
      );
      return { tuned, untuned };
    },
    () => undefined,
  );
}
