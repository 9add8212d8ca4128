import { invalidData } from '../../schemas/errors.ts';
import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { releaseClassCounts } from './class-counts.ts';
import { trainClassMeansTeacher } from './class-means-teacher.ts';
import { trainHeadTeacher } from './head-teacher.ts';
import { type LinearHead, withBias } from './linear-head.ts';
import { trainPoolHead } from './pool-head.ts';
import type { TeacherKind } from './selection-statistics.ts';
import type { UnitRecords } from './unit-records.ts';

/**
 * Trains a classifier on the private records through the mechanism. It is for classes that are equally frequent: a head learns with the noisy
 * class proportions added to its logits, and they are left out afterwards (logit adjustment, Menon et al. 2021, arXiv 2007.07314).
 * Everything that leaves here is post-processing of the mechanism's releases and of the pool.
 * @throws InvalidData where records and pool do not fit together
 */
export async function trainTeacher(params: {
  mechanism: SelectionMechanism;
  teacher: TeacherKind;
  /** Private. */
  records: UnitRecords;
  /** Public, or out of a mechanism of the same budget. */
  pool: UnitRecords;
  onStep?: (done: number, of: number) => void;
}): Promise<LinearHead> {
  const { mechanism, teacher, records, pool, onStep } = params;
  if (records.width !== pool.width || records.classes !== pool.classes)
    throw invalidData('The records and the pool to select from differ in their encoder or in their labels.');
  const counts = releaseClassCounts(mechanism, records);
  if (teacher === 'class-means') return trainClassMeansTeacher({ mechanism, records, pool, counts });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const prior = counts.map((count) => Math.log(count / total));
  const start = withBias(trainPoolHead(pool), prior);
  const trained = await trainHeadTeacher({ mechanism, records, pool, start, onStep });
  return withBias(
    trained,
    prior.map((value) => -value),
  );
}
