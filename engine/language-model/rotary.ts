import type { RotaryTables } from '../tensor/ops.ts';
import { tf } from '../tensor/tensorflow.ts';
import type { RotaryConfig } from './model-config.ts';

/** Returns cosines and sines of the angles at `positions`, as tables [positions, headWidth / 2]. */
export function rotaryTables(params: {
  rotary: RotaryConfig;
  headWidth: number;
  positions: ArrayLike<number>;
}): RotaryTables {
  const { rotary, headWidth, positions } = params;
  const frequencies = rotaryFrequencies(rotary, headWidth);
  const half = frequencies.length;
  const cosine = new Float32Array(positions.length * half);
  const sine = new Float32Array(positions.length * half);
  for (let t = 0; t < positions.length; t++)
    for (let i = 0; i < half; i++) {
      const angle = positions[t] * frequencies[i];
      cosine[t * half + i] = Math.cos(angle);
      sine[t * half + i] = Math.sin(angle);
    }
  return {
    cosine: tf.tensor2d(cosine, [positions.length, half]),
    sine: tf.tensor2d(sine, [positions.length, half]),
  };
}

/**
 * Returns the radians per position of each pair: base^(-2i / headWidth), with the scaling of long-context
 * models.
 */
export function rotaryFrequencies(rotary: RotaryConfig, headWidth: number): number[] {
  const { base, scaling } = rotary;
  const plain = Array.from({ length: headWidth / 2 }, (_, i) => base ** ((-2 * i) / headWidth));
  if (scaling === null) return plain;
  if (scaling.kind === 'linear') return plain.map((frequency) => frequency / scaling.factor);
  if (scaling.kind === 'divisors') return plain.map((frequency, i) => frequency / scaling.divisors[i]);
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalLength } = scaling;
  return plain.map((frequency) => {
    // Turns within the original training context of the model.
    const turns = (originalLength * frequency) / (2 * Math.PI);
    const share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    const kept = Math.min(1, Math.max(0, share));
    return (1 - kept) * (frequency / factor) + kept * frequency;
  });
}
