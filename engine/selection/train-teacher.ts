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
 * Trains a classifier on the private records through the mechanism. The classifier assumes equally frequent
 * classes: a head learns with the noised class proportions added to its logits, which are left out afterwards
 * (logit adjustment, Menon et al. 2021, arXiv 2007.07314). Everything that leaves here is post-processing of
 * the mechanism's releases and of the pool.
 * @throws InvalidData if records and pool do not fit together
 */
export async function trainTeacher(params: {
  mechanism: SelectionMechanism;
  teacher: TeacherKind;
  /** Private. */
  records: UnitRecords;
  /** Public, or an output of a mechanism of the same budget. */
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
