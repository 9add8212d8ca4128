import type { DpPlanData } from '../../schemas/privacy.ts';
import { gradientNoiseMultiplier } from './mechanism-plan.ts';

const SAMPLER =
  'Poisson: at every step each record is taken independently, from a cryptographic random generator';

/** Names the mechanism of fine-tuning in the one line of a statement. */
export function trainingPhrase({ steps, noiseMultiplier, samplingRate }: DpPlanData): string {
  return (
    `${steps} steps of Poisson-subsampled Gaussian noise, noise multiplier ${noiseMultiplier.toPrecision(4)}, ` +
    `sampling rate ${samplingRate.toPrecision(4)}`
  );
}

/** Returns the paragraph on what fine-tuning does with the records. */
export function trainingParagraph(plan: DpPlanData): string {
  return (
    `Mechanism. ${plan.steps} updates. Sampler: ${SAMPLER}, with probability ${plan.samplingRate.toPrecision(4)} ` +
    `(expected batch ${plan.expectedBatchSize} of ${plan.records} records). Each record's gradient is clipped to l2 norm ` +
    `${plan.clippingNorm}${clippingText(plan)}, Gaussian noise of standard deviation ` +
    `${gradientNoiseMultiplier(plan).toPrecision(4)} times that norm is added once to their sum, and the sum is divided by ` +
    `the expected batch size. Empty draws are released and charged as well.${adaptiveText(plan)}`
  );
}

export function trainingFacts(plan: DpPlanData): (readonly [string, string])[] {
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
