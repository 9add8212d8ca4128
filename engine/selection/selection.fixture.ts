import { seededRandom } from '../data/seeded-random.ts';
import { runKeyFromBytes } from '../privacy/run-key.ts';
import { openSelectionMechanism, type SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { planSelection, type SelectionPlan, type StatisticRequest } from '../privacy/selection-plan.ts';
import { type UnitRecords, unitRecords } from './unit-records.ts';

export const WIDTH = 12;

/**
 * Vectors about a centre per class, three classes unless said otherwise. `mislabelled` of them have the next class for their label, as a pool has
 * whose texts were not what the prompt asked for; `turned` moves the classes' centres away from where they are else.
 */
export function clusters(params: {
  count: number;
  seed: number;
  classes?: number;
  mislabelled?: number;
  turned?: number;
}): UnitRecords {
  const { count, seed, classes = 3, mislabelled = 0, turned = 0 } = params;
  const random = seededRandom(seed);
  const truth = Int32Array.from({ length: count }, (_, i) => i % classes);
  const embeddings = new Float32Array(count * WIDTH);
  for (let record = 0; record < count; record += 1)
    for (let j = 0; j < WIDTH; j += 1) {
      const centre =
        (j === truth[record] ? 1 : 0) + (j === truth[record] + 3 ? turned : 0) + (j === 11 ? 1 : 0);
      embeddings[record * WIDTH + j] = centre + 0.8 * (random() - 0.5);
    }
  const labels = truth.map((label) => (random() < mislabelled ? (label + 1) % classes : label));
  return unitRecords({ embeddings, width: WIDTH, labels, classes });
}

/** A mechanism of a given noise over the records. */
export function mechanismOf(params: {
  records: UnitRecords;
  statistics: readonly StatisticRequest[];
  noiseMultiplier: number;
  key?: number;
}): SelectionMechanism {
  const { records, statistics, noiseMultiplier, key = 1 } = params;
  const plan: SelectionPlan = planSelection({
    records: records.count,
    statistics,
    delta: 1e-5,
    target: { noiseMultiplier },
  });
  return openSelectionMechanism({ plan, runKey: runKeyFromBytes(new Uint8Array(32).fill(key)) });
}

/** The records with one of them replaced by one that contributes nothing. */
export function without(records: UnitRecords, record: number): UnitRecords {
  const [vectors, labels] = [records.vectors.slice(), records.labels.slice()];
  vectors.fill(0, record * records.width, (record + 1) * records.width);
  labels[record] = -1;
  return { ...records, vectors, labels };
}
