import { sampledSchema } from '../../schemas/jobs.ts';
import type { SampledCorpus } from '../../schemas/run-layout.ts';
import { addTextCounts, type TextCounts, textCountsSchema } from '../../schemas/text-counts.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { sampleStepName } from '../sample-shard.ts';
import { keptResult } from '../step.ts';

/**
 * What became of the texts of a corpus, over its shards, from what each sampling step has kept. undefined for
 * a corpus that was not sampled, or by a version that did not count.
 */
export async function collectTextCounts(params: {
  store: ArtifactStore;
  run: string;
  source: SampledCorpus;
  shards: number;
  /** Texts that were left out because another shard has them. */
  duplicates: number;
}): Promise<TextCounts | undefined> {
  const { store, run, source, shards, duplicates } = params;
  const counts: TextCounts[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const name = sampleStepName({ source, shard });
    const ref = (await keptResult({ store, run, name, output: sampledSchema }))?.counts;
    if (ref === undefined) return undefined;
    counts.push(await store.readJson(ref, textCountsSchema));
  }
  const sum = addTextCounts(counts);
  const removed = { ...sum.removed, duplicate: sum.removed.duplicate + duplicates };
  return { ...sum, removed, kept: sum.kept - duplicates };
}
