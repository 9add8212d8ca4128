import { duplicateKey } from '../../engine/data/normalise-text.ts';
import { releasedFields } from '../../engine/data/records-file.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type LabelledText, labelledTextSchema } from '../../schemas/records.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * The records of a corpus, the first ones of each label, for the report, and how many duplicates
 * were left out.
 */
export type MergedCorpus = { records: LabelledText[]; first: LabelledText[]; duplicates: number };

/**
 * Joins shards in their order. Only the fields of a released record are taken: a field that a shard holds
 * beside them is not released. With `isDistinct`, a text that the corpus already has is left out.
 * Throws ArtifactCorrupt for a line that is no labelled text.
 */
export async function mergeShards(params: {
  store: ArtifactStore;
  shards: readonly ArtifactRef[];
  keepOfEach: number;
  /** Each text once, whatever its case and white space. @default false */
  isDistinct?: boolean;
}): Promise<MergedCorpus> {
  const { store, shards, keepOfEach, isDistinct = false } = params;
  const texts = new Set<string>();
  let duplicates = 0;
  const first: LabelledText[] = [];
  const seen = new Map<string, number>();
  const records: LabelledText[] = [];
  for (const shard of shards) {
    for (const record of parseShard(shard, await store.read(shard))) {
      const text = duplicateKey(record.text);
      if (isDistinct && texts.has(text)) {
        duplicates += 1;
        continue;
      }
      texts.add(text);
      const before = seen.get(record.label) ?? 0;
      if (before < keepOfEach) first.push(record);
      seen.set(record.label, before + 1);
      records.push(record);
    }
  }
  return { records, first, duplicates };
}

function parseShard(shard: ArtifactRef, bytes: Buffer): LabelledText[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return releasedFields(labelledTextSchema.parse(JSON.parse(line)));
      } catch {
        // The parser's own message would quote the line.
        throw new DpsynthError({
          type: ErrorType.ArtifactCorrupt,
          message: `Line ${index + 1} of ${shard.uri} is not a labelled text.`,
        });
      }
    });
}
