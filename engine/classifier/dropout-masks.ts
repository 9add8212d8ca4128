import { type SeededRandom, seededRandom } from '../data/seeded-random.ts';
import type { ClassifierRecord } from './classifier-record.ts';

export type DropoutRates = { dropout: number; wordDropout: number };

/**
 * Returns what is dropped from each text at one update: `ids` with dropped words replaced by `blank`, and the
 * scale of each of `features`, [records * features]. The choice depends only on the public seed, the update
 * and the record's own content, so it is part of the record's loss. The batch has no effect on it, nor has
 * the record's position in the corpus, which changes when another record is removed.
 */
export function dropoutMasks(params: {
  records: readonly ClassifierRecord[];
  rates: DropoutRates;
  features: number;
  blank: number;
  seed: number;
  step: number;
}): { ids: number[][]; scales: Float32Array } {
  const { records, rates, features, blank, seed, step } = params;
  const { dropout, wordDropout } = rates;
  const scales = new Float32Array(records.length * features);
  const ids = records.map((record, i) => {
    const random = randomOf({ record, seed, step });
    const kept = record.ids.map((id) => (random() < wordDropout ? blank : id));
    for (let k = 0; k < features; k++) scales[i * features + k] = random() < dropout ? 0 : 1 / (1 - dropout);
    return kept;
  });
  return { ids, scales };
}

/** Seeds a generator with FNV-1a over the numbers. */
function randomOf(params: { record: ClassifierRecord; seed: number; step: number }): SeededRandom {
  const { record, seed, step } = params;
  let hash = 0x811c9dc5;
  for (const number of [seed, step, record.label, ...record.ids]) hash = Math.imul(hash ^ number, 0x01000193);
  return seededRandom(hash >>> 0);
}
