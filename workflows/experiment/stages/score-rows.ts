import { isCancellation } from '@temporalio/workflow';
import type { ReportInput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import type { ScoreSource } from '../../../schemas/scores.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { whyOf } from '../../shared/failure.ts';
import { charged } from './charge.ts';
import type { ZeroShot } from './sample-corpora.ts';
import { isAsked, named, type Scope } from './scope.ts';

/** The rows of the result table. A row that fails is missing from the report with its reason; the run goes on. */
export async function scoreRows(
  scope: Scope,
  corpora: { prepared: PreparedCorpus; synthetic: ArtifactRef[]; zeroShot: ZeroShot },
): Promise<ReportInput['rows']> {
  const { run, config, tracker } = scope;
  const { prepared, synthetic, zeroShot } = corpora;
  const all: { source: ScoreSource; train: ArtifactRef[]; why?: string }[] = [
    { source: 'majority', train: [prepared.train] },
    { source: 'zero-shot', train: zeroShot.refs, why: zeroShot.why },
    { source: 'synthetic', train: synthetic },
    config.privacy.epsilon === 'none'
      ? { source: 'real-dp', train: [], why: 'without privacy it is the row of the real records' }
      : { source: 'real-dp', train: [prepared.train] },
    { source: 'real', train: [prepared.train] },
  ];
  const asked = all.filter(({ source }) => isAsked(scope, source));
  return tracker.stage('classify', asked.length, () =>
    allOrCancel(() =>
      asked.map(async ({ source, train, why }) => {
        if (train.length === 0) return { source, row: null, why: why ?? 'there is no corpus to train on' };
        try {
          const input = { run, config, source, train, test: prepared.test };
          const classify = () =>
            tracker.count(
              'classify',
              cpu.classify.executeWithOptions(named(`classify-${source}`, source), [input]),
            );
          const stage = { stage: 'classify-real-dp', input } as const;
          const { row, predictions } = await (source === 'real-dp'
            ? charged(scope, { stage, run: classify, counted: 'classify' })
            : classify());
          return { source, row, ...(predictions && { predictions }) };
        } catch (error) {
          if (isCancellation(error)) throw error;
          return { source, row: null, why: whyOf(error) };
        }
      }),
    ),
  );
}
