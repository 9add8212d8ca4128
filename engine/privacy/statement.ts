import type {
  DpPlanData,
  MechanismPart,
  MechanismPlanData,
  NonPrivatePlanData,
} from '../../schemas/privacy.ts';
import type { DpSelectionPlanData } from '../../schemas/selection-plan.ts';
import { ACCOUNTANTS, CHECKING_ACCOUNTANT } from './accountants.ts';
import { attackBounds, FALSE_POSITIVE_RATE, protectionInWords } from './attack-bounds.ts';
import { formatEpsilon } from './format-epsilon.ts';
import { reopenPlan } from './mechanism-plan.ts';
import { isNumericalFailure } from './parts.ts';
import { replaceOneEpsilon } from './replace-one.ts';
import { assertRan, type Ran } from './statement-ran.ts';
import { chosenFacts, originFacts, ranFacts, ranParagraphs } from './statement-ran-text.ts';
import { selectionFacts, selectionParagraph, selectionPhrase } from './statement-selection.ts';
import { trainingFacts, trainingParagraph, trainingPhrase } from './statement-training.ts';

export type { Ran } from './statement-ran.ts';

/** What may be said of a run's privacy, for people and, as facts, for tables. */
export type PrivacyStatement = {
  private: boolean;
  line: string;
  /** Paragraphs parted by blank lines. */
  long: string;
  /** Name and value, in the order to show. */
  facts: readonly (readonly [string, string])[];
  /** What ran; null in the statement of a plan. */
  ran: Ran | null;
};

/**
 * The statement of what a run protects and what it does not. The plan is proven first (see {@link reopenPlan}): no statement is made of an
 * epsilon that its mechanism does not have. With `ran` it is the statement of what ran, and otherwise of the plan alone.
 * @throws InvalidConfig for a plan that was tampered with, or a run that is not the planned one
 */
export function privacyStatement(data: MechanismPlanData, ran: Ran | null = null): PrivacyStatement {
  const plan = reopenPlan(data);
  if (ran !== null) assertRan(ran, plan);
  if (!plan.private) return notPrivateStatement(plan, ran);
  const selection = ran?.selection ?? null;
  return privateStatement(plan, { ran, selection: selection?.private ? selection : null });
}

// Preparing a corpus keeps one of such rows: all of them together are what one record stands for.
const UNIT =
  'one record: all rows whose texts are equal but for case and white space, together with their label';
const RELATION = 'zero-out: one unit is replaced by one that contributes nothing; n is fixed and public';
const MADE_FROM_IT =
  'everything made from it without the private records: the synthetic corpus, and models trained on that';
const MADE_FROM_SELECTION = 'the synthetic corpus, as the statistics selected it, and models trained on that';
const NOT_COVERED = [
  'what the public model saw when it was pretrained: had it seen the private records, epsilon would not cover that',
  'internal diagnostics (losses, gradient norms, draws, checkpoints, the run key), which stay in the private area',
  'scores computed on real test records, unless those are public',
  'classifiers trained on the private records as baselines, with DP or without, and their scores, which stay in the private area',
  'settings chosen by looking at the private records outside this run',
  'several records of one person: the unit is a record, not a person',
  'other runs over the same records: their losses add up',
];

function privateStatement(
  plan: DpPlanData,
  { ran, selection }: { ran: Ran | null; selection: DpSelectionPlanData | null },
): PrivacyStatement {
  const trains = selection === null || selection.otherParts.length > 0;
  const mechanisms = [
    ...(trains ? [trainingPhrase(plan)] : []),
    ...(selection === null ? [] : [selectionPhrase(selection)]),
  ];
  // A selection states its own part.
  const others = selection === null ? plan.otherParts : [];
  const released = trains ? `the trained adapter, and ${MADE_FROM_IT}` : MADE_FROM_SELECTION;
  const epsilon = formatEpsilon(plan.epsilon);
  const delta = plan.delta.toPrecision(3);
  const accountant = ACCOUNTANTS[plan.accountant];
  const replaceOne = replaceOneText(plan);
  const chosen = ran?.chosenFrom ?? null;
  const stated = chosen ?? plan;
  const { success, truePositiveRate } = attackBounds(stated.epsilon, stated.delta);
  const line =
    `(epsilon ${formatEpsilon(stated.epsilon)}, delta ${stated.delta.toPrecision(3)})-DP, zero-out adjacency, for ${UNIT}: ` +
    (chosen === null
      ? ''
      : `the composed loss of the ${chosen.trainings} trainings among which this one was chosen; this one alone has epsilon ${epsilon}, delta ${delta}: `) +
    `${mechanisms.join(' and ')}, n ${plan.records}, by ${accountant.name}.`;
  const long = [
    `Neighbours. ${capitalised(RELATION)}. The unit is ${UNIT}. For every set of outcomes, the probabilities with the unit and with one that ` +
      `contributes nothing differ at most by a factor of exp(${formatEpsilon(stated.epsilon)}), but for an additive ${stated.delta.toPrecision(3)}. ` +
      `Delta is below 1/n = ${(1 / plan.records).toPrecision(3)}.`,
    `What that allows. An attacker who knows everything but whether one unit is there, and to whom both are equally likely, guesses right with ` +
      `probability at most ${percent(success)}. If 1% of absent units may be taken for present, at most ${percent(truePositiveRate)} of present ones ` +
      `are found. ${protectionInWords(stated.epsilon)}`,
    `Replacing one unit by another. ${replaceOne.long}`,
    ...ranParagraphs(ran),
    ...(trains ? [trainingParagraph(plan)] : []),
    ...(selection === null ? [] : [selectionParagraph(selection)]),
    `Accounting. ${capitalised(accountant.words)} (${accountant.name}), from a unit to one that contributes nothing and back, rounded so that epsilon is never understated.` +
      (plan.accountant === CHECKING_ACCOUNTANT
        ? ''
        : ` An independent Renyi accountant gives the looser bound ${formatEpsilon(plan.epsilonRdp)}.`) +
      otherPartsText(others),
    `Released: ${released}.`,
    'Treated as public: the number of records n, the set of labels, and every setting of the experiment.',
    `Not covered: ${NOT_COVERED.join('; ')}.`,
  ].join('\n\n');
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
      ['membership guess from an even prior', `right with probability at most ${percent(success)}`],
      [
        `true positive rate at ${percent(FALSE_POSITIVE_RATE)} false positives`,
        `at most ${percent(truePositiveRate)}`,
      ],
      ['records n', `${plan.records}`],
      ...(trains ? trainingFacts(plan) : []),
      ...(selection === null ? [] : selectionFacts(selection)),
      ['accountant', accountant.name],
      ['epsilon by RDP (check)', formatEpsilon(plan.epsilonRdp)],
      ...ranFacts(ran),
      ...others.map(
        (part, k) =>
          [
            `also charged ${k + 1}`,
            `Gaussian, noise multiplier ${part.noiseMultiplier}, sampling rate ${part.samplingRate}, steps ${part.steps}`,
          ] as const,
      ),
      ['released', released],
      ['treated as public', 'n, the label set, the settings'],
      ['not covered', NOT_COVERED.join('; ')],
    ],
  };
}

function notPrivateStatement(plan: NonPrivatePlanData, ran: Ran | null): PrivacyStatement {
  const line = `NOT PRIVATE: trained without noise on ${plan.records} private records; what it makes may repeat them.`;
  return {
    private: false,
    line,
    ran,
    long: [
      line,
      'This run is a baseline. Its adapter, its text and everything made from them can hold private records word for word and must not leave the private area.',
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

function otherPartsText(otherParts: readonly MechanismPart[]): string {
  return otherParts.length === 0
    ? ''
    : ` Epsilon includes ${otherParts.length} further mechanism(s) over the same records.`;
}

/** The bound for two units that both contribute, at the plan's delta. */
function replaceOneText(plan: DpPlanData): { long: string; fact: string } {
  try {
    const { samplingRate, noiseMultiplier, steps, otherParts, delta } = plan;
    const parts = [{ samplingRate, noiseMultiplier, steps }, ...otherParts];
    const epsilon = formatEpsilon(replaceOneEpsilon(parts, delta));
    return {
      fact: epsilon,
      long:
        `For the same mechanism, (epsilon ${epsilon}, delta ${delta.toPrecision(3)})-DP holds if one unit is replaced by another that is drawn in its ` +
        `place, as when one of several rows of equal text is removed and another label then stands for them.`,
    };
  } catch (error) {
    if (!isNumericalFailure(error)) throw error;
    return {
      fact: 'not computed',
      long: 'Its bound could not be computed for this mechanism; twice the epsilon above does not bound it at the same delta.',
    };
  }
}

/** Shares in percent, rounded up: as bounds they may not be understated. */
function percent(share: number): string {
  if (share > 0.9999) return share >= 1 ? '100%' : 'nearly 100%';
  return `${Number((Math.ceil(share * 1e4 - 1e-9) / 100).toFixed(2))}%`;
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
