import { randomStream } from '../data/seeded-random.ts';
import type { SelectionMechanism } from '../privacy/selection-mechanism.ts';
import { assertWanted, type ChosenText, chooseTexts, type LabelRule } from './choose-texts.ts';
import { headProbabilities, type LinearHead, withBias } from './linear-head.ts';
import { neighbourVotes } from './neighbour-votes.ts';
import type { TeacherKind } from './selection-statistics.ts';
import { trainTeacher } from './train-teacher.ts';
import type { UnitRecords } from './unit-records.ts';

/** A text of the pool with the label that it gets. */
export interface SelectedText extends ChosenText {
  /** [classes] The teacher's; classes are weighed as they are wanted. */
  readonly probabilities: Float32Array;
}

/** What came out of a selection. All of it went through the mechanism, or follows from what did: it may be released. */
export interface Selection {
  readonly texts: SelectedText[];
  /** By class: how many texts of the pool were written for it, for how many of them the teacher agrees, how many were wanted and chosen. */
  readonly byClass: { written: number; agreed: number; wanted: number; chosen: number }[];
  /** Predicts classes that are equally frequent. */
  readonly teacher: LinearHead;
}

/**
 * Labels and filters a pool of texts by a teacher that learns from the private records through the mechanism. Votes are cast if they are planned.
 * @throws InvalidConfig, InvalidData, and BudgetExceeded where the mechanism's plan is for another teacher
 */
export async function selectTexts(params: {
  mechanism: SelectionMechanism;
  teacher: TeacherKind;
  rule: LabelRule;
  /** Private. */
  records: UnitRecords;
  /** Public, or out of a mechanism of the same budget. */
  pool: UnitRecords;
  /** [classes] Texts per class. */
  wanted: readonly number[];
  /** Public: decides what is drawn by votes. */
  seed: number;
  /** Steps of the teacher's descent. */
  onStep?: (done: number, of: number) => void;
}): Promise<Selection> {
  const { mechanism, rule, records, pool, wanted, seed } = params;
  const { classes } = pool;
  // Before anything is released.
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

/** The first of equals. */
function largest(values: Float64Array): number {
  let place = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k] > values[place]) place = k;
  return place;
}
