import { randomStream } from '../data/seeded-random.ts';
import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { assertWanted, type ChosenText, chooseTexts, type LabelRule } from './choose-texts.ts';
import { headProbabilities, type LinearHead, withBias } from './linear-head.ts';
import { neighbourVotes } from './neighbour-votes.ts';
import type { TeacherKind } from './selection-statistics.ts';
import { trainTeacher } from './train-teacher.ts';
import type { UnitRecords } from './unit-records.ts';

/** A text of the pool with its new label. */
export interface SelectedText extends ChosenText {
  /** [classes] The teacher's probabilities, with classes weighted by their wanted numbers. */
  readonly probabilities: Float32Array;
}

/**
 * Result of a selection. All of it is an output of the mechanism, or computed from its outputs, so it
 * may be released.
 */
export interface Selection {
  readonly texts: SelectedText[];
  /**
   * Per class: how many texts of the pool were written for it, for how many of them the teacher agrees, and
   * how many were wanted and chosen.
   */
  readonly byClass: { written: number; agreed: number; wanted: number; chosen: number }[];
  /** Assumes that classes are equally frequent. */
  readonly teacher: LinearHead;
}

/**
 * Labels and filters a pool of texts. The teacher that decides learns from the private records through the
 * mechanism. Votes are cast if they are planned.
 * @throws InvalidConfig, InvalidData, and BudgetExceeded if the mechanism's plan is for another teacher
 */
export async function selectTexts(params: {
  mechanism: SelectionMechanism;
  teacher: TeacherKind;
  rule: LabelRule;
  /** Private. */
  records: UnitRecords;
  /** Public, or an output of a mechanism of the same budget. */
  pool: UnitRecords;
  /** [classes] Texts per class. */
  wanted: readonly number[];
  /** Public: decides the draws by votes. */
  seed: number;
  /** Steps of the teacher's descent. */
  onStep?: (done: number, of: number) => void;
}): Promise<Selection> {
  const { mechanism, rule, records, pool, wanted, seed } = params;
  const { classes } = pool;
  // Checked before anything is released.
  assertWanted(wanted);
  const teacher = await trainTeacher(params);
  const total = wanted.reduce((sum, count) => sum + count, 0);
  const inProportion = withBias(
    teacher,
    wanted.map((count) => Math.log(count / total)),
  );
  const probabilities = headProbabilities(inProportion, pool);
  const ofText = (text: number) => probabilities.subarray(text * classes, (text + 1) * classes);
  const chosen = Int32Array.from({ length: pool.count }, (_, text) => largest(ofText(text)));
  const texts = chooseTexts({
    ...{ rule, own: pool.labels, chosen, wanted },
    votes: releaseVotes({ mechanism, records, pool }),
    random: randomStream({ seed, purpose: 'select', index: 0 }),
  }).map((text) => ({ ...text, probabilities: Float32Array.from(ofText(text.text)) }));
  const byClass = wanted.map((count, label) => ({
    written: pool.labels.filter((own) => own === label).length,
    agreed: pool.labels.filter((own, text) => own === label && chosen[text] === label).length,
    wanted: count,
    chosen: texts.filter((text) => text.label === label).length,
  }));
  return { texts, byClass, teacher };
}

function releaseVotes(params: {
  mechanism: SelectionMechanism;
  records: UnitRecords;
  pool: UnitRecords;
}): Float64Array | undefined {
  const { mechanism, records, pool } = params;
  const isPlanned = mechanism.plan.statistics.some(({ name }) => name === 'neighbour-votes');
  if (!isPlanned) return undefined;
  return mechanism.release({ statistic: 'neighbour-votes', sum: neighbourVotes(records, pool) });
}

/** Returns the index of the largest number; the first of equals. */
function largest(values: Float64Array): number {
  let place = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k] > values[place]) place = k;
  return place;
}
