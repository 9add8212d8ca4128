import { z } from 'zod';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { sha256 } from './digest.ts';
import { jsonText } from './json.ts';
import { putOnce } from './put-once.ts';

/**
 * Numbered records below a folder of the private area. Each holds the digest of the one before, and a head
 * elsewhere names the newest one: a record that was changed, or taken from the middle or the end, shows.
 */
export type RecordChain<T extends { sequence: number }> = {
  store: ArtifactStore;
  /** Holds nothing else. */
  folder: string;
  schema: z.ZodType<T>;
  /** As people are told of it, such as `the ledger hospital`. */
  name: string;
};

const linkSchema = z.object({ sequence: z.int(), previous: z.string().optional() });
const headSchema = z.strictObject({ sequence: z.int(), digest: z.string() });

/** Digest of the newest record; an empty text before the first. */
export type ChainEnd<T> = { records: T[]; digest: string };

/**
 * All records in their order. Throws ArtifactCorrupt if one is missing, unreadable or changed, or if there
 * are fewer than `atLeast`.
 */
export async function readChain<T extends { sequence: number }>(
  chain: RecordChain<T> & { atLeast?: number },
): Promise<ChainEnd<T>> {
  const { store, folder, name, atLeast = 0 } = chain;
  const keys = await store.list({ area: 'private', key: folder });
  const head = await readHead(chain);
  const records: T[] = [];
  let digest = '';
  for (const key of keys) {
    const { record, previous, digest: own } = await readRecord(chain, key);
    if (record.sequence !== records.length + 1)
      throw corrupt(name, `record ${record.sequence} stands where ${records.length + 1} is expected`);
    // Records of earlier versions have no link.
    if (previous !== undefined && previous !== digest)
      throw corrupt(
        name,
        `record ${record.sequence - 1} is not the one that record ${record.sequence} follows`,
      );
    records.push(record);
    digest = own;
    if (head?.sequence === record.sequence && head.digest !== own)
      throw corrupt(name, `record ${record.sequence} was changed`);
  }
  const known = Math.max(atLeast, head?.sequence ?? 0);
  if (records.length < known)
    throw corrupt(name, `${records.length} records are there, and there were ${known}`);
  return { records, digest };
}

/**
 * Adds a record, durably and never in place of another. False if another one has its sequence number: read
 * the chain again. Writing the same record again is no change. Throws ArtifactCorrupt if the record before
 * it is gone.
 */
export async function appendToChain<T extends { sequence: number }>(
  chain: RecordChain<T>,
  record: T,
): Promise<boolean> {
  const { store, folder, name } = chain;
  const { sequence } = record;
  const head = await readHead(chain);
  // Where a tail was removed, nothing may take its place.
  if (head !== null && head.sequence >= sequence && (await readRaw(chain, sequence)) === null)
    throw corrupt(name, `record ${sequence} is gone`);
  const previous = sequence === 1 ? '' : await digestAt(chain, sequence - 1);
  const linked = { ...record, previous };
  const isOurs = await putOnce({ store, area: 'private', key: keyOf(folder, sequence), record: linked });
  if (isOurs && (head?.sequence ?? 0) < sequence)
    await writeHead(chain, { sequence, digest: sha256(jsonText(linked)) });
  return isOurs;
}

/** Whether there are records after this one. Throws ArtifactCorrupt if this one is gone. */
export async function hasMore<T extends { sequence: number }>(
  chain: RecordChain<T>,
  sequence: number,
): Promise<boolean> {
  if (sequence > 0) await digestAt(chain, sequence);
  return (await readRaw(chain, sequence + 1)) !== null;
}

function readRaw({ store, folder }: Pick<RecordChain<never>, 'store' | 'folder'>, sequence: number) {
  return store.readKey({ area: 'private', key: keyOf(folder, sequence) });
}

/** Names sort by sequence number. */
function keyOf(folder: string, sequence: number): string {
  return `${folder}/${String(sequence).padStart(8, '0')}.json`;
}

async function readRecord<T extends { sequence: number }>(chain: RecordChain<T>, key: string) {
  const bytes = await chain.store.readKey({ area: 'private', key });
  try {
    const { previous, ...record } = JSON.parse(String(bytes));
    linkSchema.parse({ ...record, previous });
    return {
      record: chain.schema.parse(record),
      previous: previous as string | undefined,
      digest: sha256(String(bytes)),
    };
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message: `private/${key} is no record of ${chain.name}. Bring it back; nothing is changed until then.`,
      cause,
    });
  }
}

async function digestAt<T extends { sequence: number }>(
  chain: RecordChain<T>,
  sequence: number,
): Promise<string> {
  const bytes = await readRaw(chain, sequence);
  if (bytes === null) throw corrupt(chain.name, `record ${sequence} is gone`);
  return sha256(bytes);
}

function headKey(folder: string): string {
  return `chain-heads@1/${folder}.json`;
}

async function readHead<T extends { sequence: number }>({ store, folder }: RecordChain<T>) {
  return store.readKeyJson({ area: 'private', key: headKey(folder) }, headSchema);
}

/** A writer that stopped before this has left the head one behind, which the next one puts right. */
async function writeHead<T extends { sequence: number }>(
  { store, folder }: RecordChain<T>,
  head: z.infer<typeof headSchema>,
): Promise<void> {
  await store.putJson({ area: 'private', key: headKey(folder), value: head, replace: true });
}

function corrupt(name: string, what: string): DpsynthError {
  return new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message:
      `Records of ${name} are missing from the store or were changed: ${what}. Bring them back; nothing ` +
      'is changed until then.',
  });
}
