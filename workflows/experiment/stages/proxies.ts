import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { ReportedOf } from '../../../schemas/evaluations/index.ts';
import type { ProxySource } from '../../../schemas/evaluations/proxies.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { eachPart } from './each-part.ts';
import { type Corpora, isAsked, partOf, type Scope } from './scope.ts';

type Measured = { source: ProxySource; adapter: ArtifactRef | null; texts: ArtifactRef[]; why?: string };

/** How like each corpus is to the real test records. */
export function measureProxies(
  scope: Scope,
  { adapter, prepared, synthetic, zeroShot }: Corpora,
): Promise<NonNullable<ReportedOf<'proxies'>>> {
  const { run, config, tracker } = scope;
  const measured: Measured[] = [
    { source: 'synthetic', adapter, texts: synthetic },
    ...(isAsked(scope, 'zero-shot')
      ? [{ source: 'zero-shot' as const, adapter: null, texts: zeroShot.refs, why: zeroShot.why }]
      : []),
    { source: 'real', adapter: null, texts: [prepared.train] },
  ];
  return eachPart(scope, {
    stage: 'proxies',
    parts: measured,
    run: async ({ source, adapter, texts, why }) => {
      if (texts.length === 0) return { source, proxies: null, why: why ?? 'there is no corpus to measure' };
      const { proxies } = await tracker.count(
        'proxies',
        gpu.proxies.executeWithOptions(partOf('proxies', source), [
          { run, config, source, adapter, texts, test: prepared.test },
        ]),
      );
      return { source, proxies };
    },
    missing: ({ source }, why) => ({ source, proxies: null, why }),
  });
}
