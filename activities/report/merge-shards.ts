import { duplicateKey } from '../../engine/data/normalise-text.ts';
import { RECORDS_MEDIA_TYPE, recordPieces } from '../../engine/data/records-file.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type LabelledText, labelledTextSchema } from '../../schemas/records.ts';
import type { ArtifactKey, ArtifactStore } from '../../storage/artifact-store.ts';

/**
 * Joins shards into one JSONL artifact, in the order of the shards. Only text and label are copied: a field that a shard
 * holds beside them is not released. Also gives the records, and the first ones of each label, for the report. With `isDistinct`, which
 * each shard is in itself then, a text that an earlier shard has is left out, and `duplicates` says how many.
 */
export async function mergeShards(
  params: ArtifactKey & {
    store: ArtifactStore;
    shards: readonly ArtifactRef[];
    keepOfEach: number;
    isDistinct?: boolean;
  },
): Promise<{ ref: ArtifactRef; records: LabelledText[]; first: LabelledText[]; duplicates: number }> {
  const { store, shards, keepOfEach, isDistinct = false, area, key } = params;
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
  const ref = await store.put({
    area,
    key,
    body: recordPieces(records),
    mediaType: RECORDS_MEDIA_TYPE,
    replace: true,
  });
  return { ref, records, first, duplicates };
}

function parseShard(shard: ArtifactRef, bytes: Buffer): LabelledText[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        const { text, label } = labelledTextSchema.parse(JSON.parse(line));
        return { text, label };
      } catch {
        // The parser's own message would quote the line.
        throw new DpsynthError({
          type: ErrorType.ArtifactCorrupt,
          message: `Line ${index + 1} of ${shard.uri} is not a labelled text.`,
        });
      }
    });
}
