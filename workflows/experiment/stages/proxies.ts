import { isCancellation } from '@temporalio/workflow';
import type { ReportInput } from '../../../schemas/activities.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { ProxySource } from '../../../schemas/evaluations/proxies.ts';
import type { PreparedCorpus } from '../../../schemas/jobs.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { whyOf } from '../../shared/failure.ts';
import type { ZeroShot } from './sample-corpora.ts';
import { isAsked, named, type Scope } from './scope.ts';

/**
 * How like each corpus is to the real test records, where it is asked for. A corpus that cannot be measured is missing from the
 * report with its reason; the run goes on.
 */
export async function measureProxies(
  scope: Scope,
  corpora: {
    adapter: ArtifactRef;
    prepared: PreparedCorpus;
    synthetic: ArtifactRef[];
    zeroShot: ZeroShot;
  },
): Promise<ReportInput['proxies']> {
  const { run, config, tracker } = scope;
  const { adapter, prepared, synthetic, zeroShot } = corpora;
  if (config.evaluation.proxies === undefined) {
    tracker.skip('proxies');
    return undefined;
  }
  type Corpus = { source: ProxySource; adapter: ArtifactRef | null; texts: ArtifactRef[]; why?: string };
  const measured: Corpus[] = [
    { source: 'synthetic', adapter, texts: synthetic },
    ...(isAsked(scope, 'zero-shot')
      ? [{ source: 'zero-shot' as const, adapter: null, texts: zeroShot.refs, why: zeroShot.why }]
      : []),
    { source: 'real', adapter: null, texts: [prepared.train] },
  ];
  return tracker.stage('proxies', measured.length, () =>
    allOrCancel(() =>
      measured.map(async ({ source, adapter, texts, why }) => {
        if (texts.length === 0) return { source, proxies: null, why: why ?? 'there is no corpus to measure' };
        try {
          const { proxies } = await tracker.count(
            'proxies',
            gpu.proxies.executeWithOptions(named(`proxies-${source}`, source), [
              { run, config, source, adapter, texts, test: prepared.test },
            ]),
          );
          return { source, proxies };
        } catch (error) {
          if (isCancellation(error)) throw error;
          return { source, proxies: null, why: whyOf(error) };
        }
      }),
    ),
  );
}
