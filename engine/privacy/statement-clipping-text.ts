import type { DpPlanData } from '../../schemas/privacy.ts';

/** Says how a gradient is clipped, after "clipped to l2 norm C". */
export function clippingText({ clipping, adaptiveClipping }: DpPlanData): string {
  const perLayer =
    clipping === 'flat'
      ? ''
      : ' (each of its G layers to that norm over sqrt(G), so that the whole gradient has at most that norm)';
  return adaptiveClipping === null ? perLayer : `${perLayer} at first, and to an adapted norm later`;
}

/** The sentences on adaptive clipping; none if the norm is fixed. */
export function adaptiveText({ adaptiveClipping, noiseMultiplier }: DpPlanData): string {
  if (adaptiveClipping === null) return '';
  const { quantile, countNoise } = adaptiveClipping;
  return (
    ` The norm follows the ${quantile} quantile of the gradients' norms: each step also counts how many ` +
    'of the drawn records are within it. That count has sensitivity 1/2, and gets Gaussian noise of ' +
    `standard deviation ${countNoise.toPrecision(4)}. Gradient and count together are charged as one ` +
    `Gaussian mechanism of noise multiplier ${noiseMultiplier.toPrecision(4)}.`
  );
}

export function adaptiveFacts({ adaptiveClipping }: DpPlanData): (readonly [string, string])[] {
  if (adaptiveClipping === null) return [];
  const { quantile, learningRate, countNoise, gradientNoiseMultiplier: ofGradient } = adaptiveClipping;
  return [
    ['adaptive clipping', `towards the ${quantile} quantile, learning rate ${learningRate}; it starts at C`],
    ['noise multiplier of the gradient', ofGradient.toPrecision(6)],
    [
      'noise on the count within the norm',
      `standard deviation ${countNoise.toPrecision(6)}, sensitivity 1/2`,
    ],
  ];
}
