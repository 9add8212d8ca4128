import { isCancellation } from '@temporalio/workflow';
import type { ReportInput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { named, type Scope } from './scope.ts';

/** The loss of held-out text under both models, where it is asked for. Without it the run goes on. */
export async function measureHeldOut(
  { run, config, tracker }: Scope,
  { adapter, prepared }: { adapter: ArtifactRef | null; prepared: PreparedCorpus },
): Promise<ReportInput['heldOut']> {
  if (config.evaluation.heldOut === 0) {
    tracker.skip('heldOut');
    return undefined;
  }
  const measure = async (which: 'tuned' | 'untuned', from: ArtifactRef | null) => {
    const { loss } = await tracker.count(
      'heldOut',
      gpu.heldOut.executeWithOptions(named(`heldOut-${which}`, `the ${which} model`), [
        { run, config, adapter: from, test: prepared.test },
      ]),
    );
    return loss;
  };
  try {
    const [tuned, untuned] = await tracker.stage('heldOut', 2, () =>
      allOrCancel(() => [measure('tuned', adapter), measure('untuned', null)]),
    );
    return { tuned, untuned };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return undefined;
  }
}
