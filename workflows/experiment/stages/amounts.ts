import type { ReportedOf } from '../../../schemas/evaluations/index.ts';
import { cpu } from '../../shared/activity-proxies.ts';
import { eachPart } from './each-part.ts';
import { type Corpora, partOf, type Scope } from './scope.ts';

/** Rows of shares of the synthetic corpus, by rising share. The whole corpus is the row synthetic and is not trained again. */
export function scoreAmounts(
  scope: Scope,
  { prepared, synthetic }: Corpora,
): Promise<NonNullable<ReportedOf<'amounts'>>> {
  const { run, config, tracker } = scope;
  const shares = [...new Set(config.evaluation.amounts)].filter((share) => share < 1).sort((a, b) => a - b);
  return eachPart(scope, {
    stage: 'amounts',
    parts: shares,
    run: async (share) => {
      const { row } = await tracker.count(
        'amounts',
        cpu.classify.executeWithOptions(partOf('amounts', share, `share ${share} of the synthetic corpus`), [
          { run, config, source: 'synthetic', train: synthetic, share, test: prepared.test },
        ]),
      );
      return { share, row };
    },
    missing: (share, why) => ({ share, row: null, why }),
  });
}
