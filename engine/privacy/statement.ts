import type { DpPlanData, MechanismPlanData, NonPrivatePlanData } from '../../schemas/privacy.ts';
import type { DpSelectionPlanData } from '../../schemas/selection-plan.ts';
import { ACCOUNTANTS } from './accountants.ts';
import { attackBounds, FALSE_POSITIVE_RATE } from './attack-bounds.ts';
import { formatEpsilon } from './format-epsilon.ts';
import { reopenPlan } from './mechanism-plan.ts';
import { isNumericalFailure } from './parts.ts';
import { percent } from './percent.ts';
import { replaceOneEpsilon } from './replace-one.ts';
import { adaptiveFacts } from './statement-clipping-text.ts';
import { statementParagraphs } from './statement-paragraphs.ts';
import { assertRan, type Ran } from './statement-ran.ts';
import { chosenFacts, originFacts, ranFacts } from './statement-ran-text.ts';
import {
  isTrained,
  otherPartsOf,
  releasedText,
  selectionFacts,
  selectionPhrase,
} from './statement-selection.ts';
import { NOT_COVERED, RELATION, UNIT } from './statement-terms.ts';

export type { Ran } from './statement-ran.ts';

/** What may be said of the privacy of a run: in sentences for people, and as facts for tables. */
export type PrivacyStatement = {
  private: boolean;
  line: string;
  /** Paragraphs, separated by blank lines. */
  long: string;
  /** Name and value, in the order to show them. */
  facts: readonly (readonly [string, string])[];
  /** What ran; null in the statement of a plan. */
  ran: Ran | null;
};

/**
 * Returns the statement of what a run protects and what it does not. The plan is verified first (see
 * {@link reopenPlan}): an epsilon that its mechanism does not have is never stated. With `ran` it is the
 * statement of what ran, otherwise of the plan alone.
 * @throws InvalidConfig for a plan that was tampered with, or a run that is not the planned one
 */
export function privacyStatement(data: MechanismPlanData, ran: Ran | null = null): PrivacyStatement {
  const plan = reopenPlan(data);
  if (ran !== null) assertRan(ran, plan);
  if (!plan.private) return notPrivateStatement(plan, ran);
  const selection = ran?.selection ?? null;
  return privateStatement(plan, { ran, selection: selection?.private ? selection : null });
}

function privateStatement(
  plan: DpPlanData,
  { ran, selection }: { ran: Ran | null; selection: DpSelectionPlanData | null },
): PrivacyStatement {
  const trains = isTrained(selection);
  const epsilon = formatEpsilon(plan.epsilon);
  const delta = plan.delta.toPrecision(3);
  const accountant = ACCOUNTANTS[plan.accountant];
  const replaceOne = replaceOneText(plan);
  const chosen = ran?.chosenFrom ?? null;
  const stated = chosen ?? plan;
  const bounds = attackBounds(stated.epsilon, stated.delta);
  const alone = `epsilon ${epsilon}, delta ${delta}`;
  const line = [
    `(epsilon ${formatEpsilon(stated.epsilon)}, delta ${stated.delta.toPrecision(3)})-DP under zero-out ` +
      'adjacency.',
    ...(chosen === null
      ? []
      : [
          `This is the composed loss of the ${chosen.trainings} trainings among which this one was ` +
            `chosen; this one alone has ${alone}.`,
        ]),
    `The unit is ${UNIT}.`,
    `Mechanism: ${mechanismPhrase(plan, selection)}, n ${plan.records}, accounted for by ${accountant.name}.`,
  ].join(' ');
  const long = statementParagraphs({
    plan,
    ran,
    selection,
    stated,
    bounds,
    replaceOne: replaceOne.long,
  }).join('\n\n');
  return {
    private: true,
    line,
    long,
    ran,
    facts: [
      ['epsilon', epsilon],
      ['delta', delta],
      ...chosenFacts(ran),
      ['privacy unit', UNIT],
      ['neighbouring relation', RELATION],
      ['epsilon of replacing one unit by another', replaceOne.fact],
      ['membership guess from an even prior', `right with probability at most ${percent(bounds.success)}`],
      [
        `true positive rate at ${percent(FALSE_POSITIVE_RATE)} false positives`,
        `at most ${percent(bounds.truePositiveRate)}`,
      ],
      ['records n', `${plan.records}`],
      ...(trains ? trainingFacts(plan) : []),
      ...(selection === null ? [] : selectionFacts(selection)),
      ['accountant', accountant.name],
      ['epsilon by RDP (check)', formatEpsilon(plan.epsilonRdp)],
      ...ranFacts(ran),
      ...otherPartsOf(plan, selection).map(
        (part, k) =>
          [
            `also charged ${k + 1}`,
            `Gaussian, noise multiplier ${part.noiseMultiplier}, sampling rate ${part.samplingRate}, ` +
              `steps ${part.steps}`,
          ] as const,
      ),
      ['released', releasedText(selection)],
      ['treated as public', 'n, the label set, the settings'],
      ['not covered', NOT_COVERED],
    ],
  };
}

function mechanismPhrase(plan: DpPlanData, selection: DpSelectionPlanData | null): string {
  const { steps, noiseMultiplier, samplingRate } = plan;
  const training =
    `${steps} steps of Poisson-subsampled Gaussian noise, noise multiplier ${noiseMultiplier.toPrecision(4)}, ` +
    `sampling rate ${samplingRate.toPrecision(4)}`;
  if (selection === null) return training;
  return isTrained(selection) ? `${training}, and ${selectionPhrase(selection)}` : selectionPhrase(selection);
}

function trainingFacts(plan: DpPlanData): (readonly [string, string])[] {
  return [
    ['sampler', 'Poisson'],
    ['sampling rate q', plan.samplingRate.toPrecision(6)],
    ['expected batch size', `${plan.expectedBatchSize}`],
    ['steps', `${plan.steps}`],
    ['noise multiplier sigma', plan.noiseMultiplier.toPrecision(6)],
    ['clipping norm C', `${plan.clippingNorm}`],
    ['clipping', plan.clipping === 'flat' ? 'flat' : 'per layer, to C / sqrt(number of layers)'],
    ...adaptiveFacts(plan),
  ];
}

function notPrivateStatement(plan: NonPrivatePlanData, ran: Ran | null): PrivacyStatement {
  const line =
    `NOT PRIVATE: this run was trained without noise on ${plan.records} private records, and its output ` +
    'may repeat them.';
  return {
    private: false,
    line,
    ran,
    long: [
      line,
      'This run is a baseline. Its adapter, its text and everything made from them can hold private ' +
        'records word for word, and must not leave the private area.',
    ].join('\n\n'),
    facts: [
      ['privacy', 'NOT PRIVATE'],
      ['records n', `${plan.records}`],
      ['expected batch size', `${plan.expectedBatchSize}`],
      ['steps', `${plan.steps}`],
      ['clipping norm C', plan.clippingNorm === null ? 'none' : `${plan.clippingNorm}`],
      ...originFacts(ran),
    ],
  };
}

/** Says what holds for two units that both contribute, at the plan's delta. */
function replaceOneText(plan: DpPlanData): { long: string; fact: string } {
  try {
    const { samplingRate, noiseMultiplier, steps, otherParts, delta } = plan;
    const parts = [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
    const epsilon = formatEpsilon(replaceOneEpsilon(parts, delta));
    return {
      fact: epsilon,
      long:
        `For the same mechanism, (epsilon ${epsilon}, delta ${delta.toPrecision(3)})-DP holds if one ` +
        'unit is replaced by another that is drawn in its place. This happens if one of several rows of ' +
        'equal text is removed, and another label then stands for them.',
    };
  } catch (error) {
    if (!isNumericalFailure(error)) throw error;
    return {
      fact: 'not computed',
      long:
        'The bound could not be computed for this mechanism. Twice the epsilon above is no bound for it ' +
        'at the same delta.',
    };
  }
}
