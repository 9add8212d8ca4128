import type { DpPlanData, MechanismPart } from '../../schemas/privacy.ts';
import type { DpSelectionPlanData } from '../../schemas/selection-plan.ts';
import { ACCOUNTANTS, CHECKING_ACCOUNTANT } from './accountants.ts';
import { type AttackBounds, FALSE_POSITIVE_RATE, protectionInWords } from './attack-bounds.ts';
import { formatEpsilon } from './format-epsilon.ts';
import { gradientNoiseMultiplier } from './mechanism-plan.ts';
import { percent } from './percent.ts';
import { adaptiveText, clippingText } from './statement-clipping-text.ts';
import type { Ran } from './statement-ran.ts';
import { ranParagraphs } from './statement-ran-text.ts';
import { isTrained, otherPartsOf, releasedText, selectionParagraph } from './statement-selection.ts';
import { NOT_COVERED, RELATION, SAMPLER, UNIT } from './statement-terms.ts';

/**
 * Returns the statement of a private run in paragraphs, each of whole sentences.
 * @param params.stated the loss that the statement is about: that of the plan, or of all
 * trainings chosen among
 * @param params.replaceOne what holds if one unit is replaced by another
 */
export function statementParagraphs(params: {
  plan: DpPlanData;
  ran: Ran | null;
  selection: DpSelectionPlanData | null;
  stated: { epsilon: number; delta: number };
  bounds: AttackBounds;
  replaceOne: string;
}): string[] {
  const { plan, ran, selection, stated, bounds, replaceOne } = params;
  return [
    neighbours(plan, stated),
    whatThisAllows(stated.epsilon, bounds),
    `Replacing one unit by another. ${replaceOne}`,
    ...ranParagraphs(ran),
    ...(isTrained(selection) ? [mechanism(plan)] : []),
    ...(selection === null ? [] : [selectionParagraph(selection)]),
    accounting(plan, otherPartsOf(plan, selection)),
    `Released: ${releasedText(selection)}.`,
    'Treated as public: the number of records n, the set of labels, and every setting of the experiment.',
    `Not covered: ${NOT_COVERED}.`,
  ];
}

function neighbours({ records }: DpPlanData, { epsilon, delta }: { epsilon: number; delta: number }): string {
  return [
    `Neighbours. ${capitalised(RELATION)}.`,
    `The unit is ${UNIT}.`,
    'For every set of outcomes, the probability with the unit and the probability with one that ' +
      `contributes nothing differ by a factor of at most exp(${formatEpsilon(epsilon)}), plus at most ` +
      `${delta.toPrecision(3)}.`,
    `Delta is below 1/n = ${(1 / records).toPrecision(3)}.`,
  ].join(' ');
}

function whatThisAllows(epsilon: number, { success, truePositiveRate }: AttackBounds): string {
  return [
    'What this allows. Take an attacker who knows everything except whether one unit is present, and to ' +
      'whom both are equally likely.',
    `The attacker guesses right with probability at most ${percent(success)}.`,
    `If ${percent(FALSE_POSITIVE_RATE)} of absent units may be taken for present, then at most ` +
      `${percent(truePositiveRate)} of present units are found.`,
    protectionInWords(epsilon),
  ].join(' ');
}

function mechanism(plan: DpPlanData): string {
  const { steps, samplingRate, expectedBatchSize, records, clippingNorm } = plan;
  return [
    `Mechanism. ${steps} updates.`,
    `Sampler: ${SAMPLER}, with probability ${samplingRate.toPrecision(4)} (expected batch ` +
      `${expectedBatchSize} of ${records} records).`,
    `Each record's gradient is clipped to l2 norm ${clippingNorm}${clippingText(plan)}.`,
    `Gaussian noise of standard deviation ${gradientNoiseMultiplier(plan).toPrecision(4)} times that ` +
      'norm is added once to their sum, and the result is divided by the expected batch size.',
    `Empty draws are noised and charged as well.${adaptiveText(plan)}`,
  ].join(' ');
}

function accounting(plan: DpPlanData, otherParts: readonly MechanismPart[]): string {
  const { name, words } = ACCOUNTANTS[plan.accountant];
  return [
    `Accounting. ${capitalised(words)} (${name}), from a unit to one that contributes nothing and back, ` +
      'rounded so that epsilon is never understated.',
    ...checkSentence(plan),
    ...otherPartsSentence(otherParts),
  ].join(' ');
}

function checkSentence({ accountant, epsilonRdp }: DpPlanData): string[] {
  if (accountant === CHECKING_ACCOUNTANT) return [];
  const { name, words } = ACCOUNTANTS[CHECKING_ACCOUNTANT];
  return [
    `An independent accountant, by ${words} (${name}), gives the looser bound ` +
      `${formatEpsilon(epsilonRdp)}.`,
  ];
}

function otherPartsSentence(otherParts: readonly MechanismPart[]): string[] {
  if (otherParts.length === 0) return [];
  return [`Epsilon includes the loss of further mechanisms over the same records: ${otherParts.length}.`];
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
