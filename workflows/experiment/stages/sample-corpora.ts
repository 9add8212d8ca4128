import type { ArtifactRef } from '../../../schemas/artifact.ts';
import { gpu } from '../../shared/activity-proxies.ts';
import { allOrCancel } from '../../shared/all-or-cancel.ts';
import { halveOnOutOfMemory } from '../../shared/halve-on-out-of-memory.ts';
import { orMissing } from '../../shared/or-missing.ts';
import { isAsked, named, type Scope, type ZeroShot } from './scope.ts';

/** Both corpora, on the one GPU queue: synthetic shards go in first. A missing zero-shot corpus only costs a row. */
export async function sampleCorpora(scope: Scope, adapter: ArtifactRef | null) {
  const shards = Array.from({ length: scope.config.sampling.shards }, (_, shard) => shard);
  const sampleAll = (stage: 'sample' | 'zeroShot', from: ArtifactRef | null) =>
    scope.tracker.stage(stage, shards.length, () =>
      allOrCancel(() => shards.map((shard) => sampleShard(scope, { stage, adapter: from, shard }))),
    );
  const sampleZeroShot = async (): Promise<ZeroShot> => {
    if (!isAsked(scope, 'zero-shot')) {
      scope.tracker.skip('zeroShot');
      return { refs: [] };
    }
    return orMissing<ZeroShot>(
      async () => ({ refs: await sampleAll('zeroShot', null) }),
      (why) => ({ refs: [], why }),
    );
  };
  const [synthetic, zeroShot] = await allOrCancel<ZeroShot>(() => [
    sampleAll('sample', adapter).then((refs) => ({ refs })),
    sampleZeroShot(),
  ]);
  return { sampled: synthetic.refs, zeroShot };
}

async function sampleShard(
  scope: Scope,
  params: { stage: 'sample' | 'zeroShot'; adapter: ArtifactRef | null; shard: number },
) {
  const { run, config, tracker } = scope;
  const { stage, adapter, shard } = params;
  const { corpus } = await halveOnOutOfMemory(config.sampling.batch, (batch) =>
    tracker.count(
      stage,
      gpu.sampleShard.executeWithOptions(
        named(`${stage}-${shard}-${batch}`, `shard ${shard + 1} of ${config.sampling.shards}`),
        [
          {
            run,
            config: { ...config, sampling: { ...config.sampling, batch } },
            adapter,
            shard,
            ...(stage === 'sample' && config.selection !== undefined ? { pool: true } : {}),
          },
        ],
      ),
    ),
  );
  return corpus;
}
