import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { ReportedOf } from '../../../schemas/evaluations/index.ts';
import type { ScoreSource } from '../../../schemas/scores.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { charged } from './charge.ts';
import { eachPart } from './each-part.ts';
import { type Corpora, isAsked, partOf, type Scope } from './scope.ts';

type Row = { source: ScoreSource; train: ArtifactRef[]; why?: string };

/** The rows of the result table. */
export function scoreRows(
  scope: Scope,
  { prepared, synthetic, zeroShot }: Corpora,
): Promise<ReportedOf<'classify'>> {
  const { run, config, tracker } = scope;
  const all: Row[] = [
    { source: 'majority', train: [prepared.train] },
    { source: 'zero-shot', train: zeroShot.refs, why: zeroShot.why },
    { source: 'synthetic', train: synthetic },
    config.privacy.epsilon === 'none'
      ? { source: 'real-dp', train: [], why: 'without privacy it is the row of the real records' }
      : { source: 'real-dp', train: [prepared.train] },
    { source: 'real', train: [prepared.train] },
  ];
  return eachPart(scope, {
    stage: 'classify',
    parts: all.filter(({ source }) => isAsked(scope, source)),
    run: async ({ source, train, why }) => {
      if (train.length === 0) return { source, row: null, why: why ?? 'there is no corpus to train on' };
      const input = { run, config, source, train, test: prepared.test };
      const classify = () =>
        tracker.count('classify', cpu.classify.executeWithOptions(partOf('classify', source), [input]));
      const stage = { stage: 'classify-real-dp', input } as const;
      const { row, predictions } = await (source === 'real-dp'
        ? charged(scope, { stage, run: classify, counted: 'classify' })
        : classify());
      return { source, row, ...(predictions && { predictions }) };
    },
    missing: ({ source }, why) => ({ source, row: null, why }),
  });
}
