import type { DpPlanData, MechanismPlanData, NonPrivatePlanData } from '../../schemas/privacy.ts';
import { gradientNoiseMultiplier, reopenPlan } from './mechanism-plan.ts';

/** What may be said of a run's privacy, for people and, as facts, for tables. */
export interface PrivacyStatement {
  readonly private: boolean;
  readonly line: string;
  /** Paragraphs parted by blank lines. */
  readonly long: string;
  /** Name and value, in the order to show. */
  readonly facts: readonly (readonly [string, string])[];
}

/**
 * The statement of what a plan protects and what it does not. The plan is proven first (see {@link reopenPlan}): no statement is made of an
 * epsilon that its mechanism does not have.
 * @throws InvalidConfig for a plan that was tampered with
 */
export function privacyStatement(data: MechanismPlanData): PrivacyStatement {
  const plan = reopenPlan(data);
  return plan.private ? privateStatement(plan) : notPrivateStatement(plan);
}

// Preparing a corpus keeps one of such rows: all of them together are what one record stands for.
const UNIT = 'one record (a labelled text; rows that differ only in case or white space are one record)';
const SAMPLER =
  'Poisson: at every step each record is taken independently, from a cryptographic random generator';
const RELEASED =
  'the trained adapter, and everything made from it without the private records: the synthetic corpus, and models trained on that';
const NOT_COVERED = [
  'what the public model saw when it was pretrained: had it seen the private records, epsilon would not cover that',
  'internal diagnostics (losses, gradient norms, draws, checkpoints, the run key), which stay in the private area',
  'scores computed on real test records, unless those are public',
  'classifiers trained on the private records as baselines, with DP or without, and their scores, which stay in the private area',
  'settings chosen by looking at the private records outside this run',
  'several records of one person: the unit is a record, not a person',
  'other runs over the same records: their losses add up',
];

function privateStatement(plan: DpPlanData): PrivacyStatement {
  const epsilon = formatEpsilon(plan.epsilon);
  const delta = plan.delta.toPrecision(3);
  const accountant =
    plan.accountant === 'pld' ? 'privacy loss distributions (PLD)' : 'Renyi divergences (RDP)';
  const line =
    `(epsilon ${epsilon}, delta ${delta})-DP for adding or removing ${UNIT}: ${plan.steps} steps of Poisson-subsampled ` +
    `Gaussian noise, noise multiplier ${plan.noiseMultiplier.toPrecision(4)}, sampling rate ${plan.samplingRate.toPrecision(4)}, ` +
    `n ${plan.records}, by ${plan.accountant.toUpperCase()}.`;
  const long = [
    `Whoever sees what is released learns almost the same whether or not any one record was in the corpus: for every set of outcomes the ` +
      `probabilities with and without the record differ at most by a factor of exp(${epsilon}), but for an additive ${delta}. ` +
      `Delta is below 1/n = ${(1 / plan.records).toPrecision(3)}.`,
    `Mechanism. ${plan.steps} updates. Sampler: ${SAMPLER}, with probability ${plan.samplingRate.toPrecision(4)} ` +
      `(expected batch ${plan.expectedBatchSize} of ${plan.records} records). Each record's gradient is clipped to l2 norm ` +
      `${plan.clippingNorm}${clippingText(plan)}, Gaussian noise of standard deviation ${gradientNoiseMultiplier(plan).toPrecision(4)} times that norm is added ` +
      `once to their sum, and the sum is divided by the expected batch size. Empty draws are released and charged as well.${adaptiveText(plan)}`,
    `Accounting. Add/remove neighbours, ${accountant}, both directions, rounded so that epsilon is never understated. ` +
      `An independent Renyi accountant gives the looser bound ${formatEpsilon(plan.epsilonRdp)}.${otherPartsText(plan)}`,
    `Released: ${RELEASED}.`,
    'Treated as public: the number of records n, the set of labels, and every setting of the experiment.',
    `Not covered: ${NOT_COVERED.join('; ')}.`,
  ].join('\n\n');
  return {
    private: true,
    line,
    long,
    facts: [
      ['epsilon', epsilon],
      ['delta', delta],
      ['privacy unit', UNIT],
      ['neighbouring relation', 'add or remove one unit'],
      ['records n', `${plan.records}`],
      ['sampler', 'Poisson'],
      ['sampling rate q', plan.samplingRate.toPrecision(6)],
      ['expected batch size', `${plan.expectedBatchSize}`],
      ['steps', `${plan.steps}`],
      ['noise multiplier sigma', plan.noiseMultiplier.toPrecision(6)],
      ['clipping norm C', `${plan.clippingNorm}`],
      ['clipping', plan.clipping === 'flat' ? 'flat' : 'per layer, to C / sqrt(number of layers)'],
      ...adaptiveFacts(plan),
      ['accountant', plan.accountant.toUpperCase()],
      ['epsilon by RDP (check)', formatEpsilon(plan.epsilonRdp)],
      ...plan.otherParts.map(
        (part, k) =>
          [
            `also charged ${k + 1}`,
            `Gaussian, noise multiplier ${part.noiseMultiplier}, sampling rate ${part.samplingRate}, steps ${part.steps}`,
          ] as const,
      ),
      ['released', RELEASED],
      ['treated as public', 'n, the label set, the settings'],
      ['not covered', NOT_COVERED.join('; ')],
    ],
  };
}

function notPrivateStatement(plan: NonPrivatePlanData): PrivacyStatement {
  const line = `NOT PRIVATE: trained without noise on ${plan.records} private records; what it makes may repeat them.`;
  return {
    private: false,
    line,
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
    ],
  };
}

function clippingText({ clipping, adaptiveClipping }: DpPlanData): string {
  const perLayer =
    clipping === 'flat'
      ? ''
      : ' (each of its G layers to that over sqrt(G), so that the whole has at most that norm)';
  return adaptiveClipping === null ? perLayer : `${perLayer} at first and to an adapted norm later`;
}

function adaptiveText({ adaptiveClipping, noiseMultiplier }: DpPlanData): string {
  if (adaptiveClipping === null) return '';
  const { quantile, countNoise } = adaptiveClipping;
  return (
    ` The norm follows the ${quantile} quantile of the gradients' norms: each step also releases how many of the drawn records are within ` +
    `it, with Gaussian noise of standard deviation ${countNoise.toPrecision(4)} on a count of sensitivity 1/2. Gradient and count together ` +
    `are charged as one Gaussian mechanism of noise multiplier ${noiseMultiplier.toPrecision(4)}.`
  );
}

function adaptiveFacts({ adaptiveClipping }: DpPlanData): (readonly [string, string])[] {
  if (adaptiveClipping === null) return [];
  const { quantile, learningRate, countNoise, gradientNoiseMultiplier: ofGradient } = adaptiveClipping;
  return [
    [
      'adaptive clipping',
      `towards the ${quantile} quantile, learning rate ${learningRate}; C is where it starts`,
    ],
    ['noise multiplier of the gradient', ofGradient.toPrecision(6)],
    [
      'noise on the count within the norm',
      `standard deviation ${countNoise.toPrecision(6)}, sensitivity 1/2`,
    ],
  ];
}

function otherPartsText({ otherParts }: DpPlanData): string {
  return otherParts.length === 0
    ? ''
    : ` Epsilon includes ${otherParts.length} further mechanism(s) over the same records.`;
}

/** Four digits, rounded up: rounding to nearest could state less than was spent. */
function formatEpsilon(epsilon: number): string {
  if (epsilon === 0) return '0';
  const unit = 10 ** (3 - Math.floor(Math.log10(epsilon)));
  return `${Number((Math.ceil(epsilon * unit * (1 - 1e-12)) / unit).toPrecision(6))}`;
}
