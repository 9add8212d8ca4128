import { releasedFields } from '../../engine/data/records-file.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type LabelledText, labelledTextSchema } from '../../schemas/records.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** The records of a corpus, and the first ones of each label, for the report. */
export type MergedCorpus = { records: LabelledText[]; first: LabelledText[] };

/**
 * Joins shards in their order. Only the fields of a released record are taken: a field that a shard holds beside
 * them is not released. Throws ArtifactCorrupt for a line that is no labelled text.
 */
export async function mergeShards(params: {
  store: ArtifactStore;
  shards: readonly ArtifactRef[];
  keepOfEach: number;
}): Promise<MergedCorpus> {
  const { store, shards, keepOfEach } = params;
  const first: LabelledText[] = [];
  const seen = new Map<string, number>();
  const records: LabelledText[] = [];
  for (const shard of shards) {
    for (const record of parseShard(shard, await store.read(shard))) {
      const before = seen.get(record.label) ?? 0;
      if (before < keepOfEach) first.push(record);
      seen.set(record.label, before + 1);
      records.push(record);
    }
  }
  return { records, first };
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
