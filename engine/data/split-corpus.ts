import { createHash } from 'node:crypto';
import type { LabelledText } from '../../schemas/records.ts';
import { duplicateKey } from './normalise-text.ts';

export type CorpusSplit = { train: LabelledText[]; test: LabelledText[] };

/**
 * Splits by a hash of the record's own text and the seed. A record never moves another one by its presence,
 * as zero-out adjacency requires. Both parts are ordered by that hash, so the order of the file has no
 * effect.
 */
export function splitCorpus(params: {
  records: LabelledText[];
  testFraction: number;
  seed: number;
}): CorpusSplit {
  const { records, testFraction, seed } = params;
  const hashed = records
    .map((record) => ({ record, hash: recordHash(record.text, seed) }))
    .sort((a, b) => Buffer.compare(a.hash, b.hash));
  const isTest = (hash: Buffer) => hash.readUIntBE(0, 6) / 2 ** 48 < testFraction;
  return {
    train: hashed.filter(({ hash }) => !isTest(hash)).map(({ record }) => record),
    test: hashed.filter(({ hash }) => isTest(hash)).map(({ record }) => record),
  };
}

function recordHash(text: string, seed: number): Buffer {
  return createHash('sha256')
    .update(`${seed}\n${duplicateKey(text)}`)
    .digest();
}
