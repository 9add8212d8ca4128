import { type SeededRandom, seededRandom } from '../data/seeded-random.ts';
import type { ClassifierRecord } from './classifier-record.ts';

export type DropoutRates = { dropout: number; wordDropout: number };

/**
 * What is dropped from each text at one update: `ids` with blanked words as `blank`, and the scale of each of `features`,
 * [records * features]. The choice follows from the public seed, the update and the record's own content alone, so it is
 * part of the record's loss: neither its batch nor its place in the corpus, which moves when another record is
 * removed, has a say.
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

/** FNV-1a over the numbers. */
function randomOf(params: { record: ClassifierRecord; seed: number; step: number }): SeededRandom {
  const { record, seed, step } = params;
  let hash = 0x811c9dc5;
  for (const number of [seed, step, record.label, ...record.ids]) hash = Math.imul(hash ^ number, 0x01000193);
  return seededRandom(hash >>> 0);
}
