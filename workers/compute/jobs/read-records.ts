import type { TrainingText } from '../../../engine/classifier/classifier-record.ts';
import { parseRecords } from '../../../engine/data/records-file.ts';
import type { ArtifactRef } from '../../../schemas/artifact.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import type { ArtifactStore } from '../../../storage/artifact-store.ts';

/** The records of an artifact. `name` is what errors call them, such as `the test records`. Throws InvalidData, and what the store throws. */
export async function readRecords(
  store: ArtifactStore,
  ref: ArtifactRef,
  name: string,
): Promise<LabelledText[]> {
  return parseRecords(await store.read(ref), name);
}

/** Returns the training texts of a corpus that may lie in shards, in their order. */
export async function readTexts(store: ArtifactStore, refs: readonly ArtifactRef[]): Promise<TrainingText[]> {
  const shards: LabelledText[][] = [];
  for (const ref of refs) shards.push(await readRecords(store, ref, 'the training records'));
  return shards.flat().map(({ label_probabilities: probabilities, ...record }) => ({
    ...record,
    ...(probabilities && { probabilities }),
  }));
}
