import { invalidConfig } from '../../schemas/errors.ts';
import type { SeededRandom } from '../data/seeded-random.ts';
import { NO_CLASS } from './unit-records.ts';

/**
 * - `agree`: texts whose own label is the teacher's choice.
 * - `relabel`: any text, under the label that the teacher chooses.
 * - `soft`: as `relabel`, and students learn the teacher's probabilities instead of the label.
 */
export type LabelRule = 'agree' | 'relabel' | 'soft';

export interface ChosenText {
  /** Its place in the pool. */
  readonly text: number;
  /** Its class. */
  readonly label: number;
  /** What a student's loss of this text is multiplied by: above 1 where a class got fewer texts than wanted. */
  readonly weight: number;
}

/** No text counts for more than this many, however few its class has. */
const MOST_WEIGHT = 4;

/**
 * Chooses texts so that each class gets as many as wanted, or all that there are. Without votes they are spread evenly over the pool, in which
 * texts of one prompt stand together; with votes they are drawn without replacement, more often the more votes a text has. Looks at released
 * numbers only.
 * @param params.own [pool texts] the class that each text was written for
 * @param params.chosen [pool texts] the teacher's class
 * @param params.wanted [classes]
 * @param params.votes [pool texts] noisy votes
 * @param params.random public
 * @returns texts in the order of the pool
 */
export function chooseTexts(params: {
  rule: LabelRule;
  own: Int32Array;
  chosen: Int32Array;
  wanted: readonly number[];
  votes?: Float64Array;
  random: SeededRandom;
}): ChosenText[] {
  const { rule, own, chosen, wanted, votes, random } = params;
  const candidates = wanted.map(() => [] as number[]);
  chosen.forEach((label, text) => {
    // No teacher can judge a text without a vector.
    if (own[text] !== NO_CLASS && (rule !== 'agree' || own[text] === label)) candidates[label].push(text);
  });
  return candidates
    .flatMap((texts, label) => {
      const kept = votes
        ? byVotes({ texts, votes, wanted: wanted[label], random })
        : spread(texts, wanted[label]);
      const weight = Math.min(MOST_WEIGHT, wanted[label] / Math.max(1, kept.length));
      return kept.map((text) => ({ text, label, weight }));
    })
    .sort((a, b) => a.text - b.text);
}

function spread(texts: readonly number[], wanted: number): number[] {
  if (texts.length <= wanted) return [...texts];
  return Array.from({ length: wanted }, (_, i) => texts[Math.floor((i * texts.length) / wanted)]);
}

/** Weighted draws without replacement (Efraimidis and Spirakis 2006): the largest ln(u) / weight. Texts without votes come last. */
function byVotes(params: {
  texts: readonly number[];
  votes: Float64Array;
  wanted: number;
  random: SeededRandom;
}): number[] {
  const { texts, votes, wanted, random } = params;
  const keyed = texts.map((text) => {
    const drawn = Math.log(1 - random());
    return { text, key: votes[text] > 0 ? drawn / votes[text] : Number.NEGATIVE_INFINITY, tie: drawn };
  });
  keyed.sort((a, b) => (a.key === b.key ? b.tie - a.tie : b.key - a.key));
  return keyed.slice(0, wanted).map(({ text }) => text);
}

/** @throws InvalidConfig unless `wanted` are whole numbers, not all of them 0 */
export function assertWanted(wanted: readonly number[]): void {
  const whole = wanted.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!whole || !wanted.some((count) => count > 0))
    throw invalidConfig('The texts wanted per label are not whole numbers, or none is wanted at all.');
}
