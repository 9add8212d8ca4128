import { isCancellation } from '@temporalio/workflow';
import type { ReportInput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { whyOf } from '../../shared/failure.ts';
import { named, type Scope } from './scope.ts';

/**
 * Rows of shares of the synthetic corpus, where they are asked for, by rising share. The whole corpus is the row synthetic and is
 * not trained again. A share that fails is missing with its reason; the run goes on.
 */
export async function scoreAmounts(
  { run, config, tracker }: Scope,
  { prepared, synthetic }: { prepared: PreparedCorpus; synthetic: ArtifactRef[] },
): Promise<ReportInput['amounts']> {
  if (config.evaluation.amounts === undefined) {
    tracker.skip('amounts');
    return undefined;
  }
  const shares = [...new Set(config.evaluation.amounts)].filter((share) => share < 1).sort((a, b) => a - b);
  return tracker.stage('amounts', shares.length, () =>
    allOrCancel(() =>
      shares.map(async (share) => {
        try {
          const { row } = await tracker.count(
            'amounts',
            cpu.classify.executeWithOptions(
              named(`amounts-${share}`, `share ${share} of the synthetic corpus`),
              [{ run, config, source: 'synthetic', train: synthetic, share, test: prepared.test }],
            ),
          );
          return { share, row };
        } catch (error) {
          if (isCancellation(error)) throw error;
          return { share, row: null, why: whyOf(error) };
        }
      }),
    ),
  );
}
