import { z } from 'zod';
import { invalidConfig } from '../../../schemas/errors.ts';
import type { RotaryConfig } from '../model-config.ts';
import type { GgufFacts } from './family.ts';

const always = { rope_theta: z.number().optional(), partial_rotary_factor: z.literal(1).optional() };

/** Fields of a rotary embedding in config.json. */
export const ropeParameters = z.preprocess(
  // Earlier releases of transformers wrote `type`, or nothing without scaling.
  (value) => {
    if (typeof value !== 'object' || value === null) return value;
    const { type = 'default', ...others } = value as Record<string, unknown>;
    return { rope_type: type, ...others };
  },
  z.discriminatedUnion('rope_type', [
    z.object({ rope_type: z.literal('default'), ...always }),
    z.object({ rope_type: z.literal('linear'), factor: z.number(), ...always }),
    z.object({
      rope_type: z.literal('llama3'),
      factor: z.number(),
      low_freq_factor: z.number(),
      high_freq_factor: z.number(),
      original_max_position_embeddings: z.number(),
      ...always,
    }),
  ]),
);
export type RopeParameters = z.infer<typeof ropeParameters>;

/**
 * Fields of the rotary embedding of a model: `rope_parameters` of transformers 5, `rope_theta` and
 * `rope_scaling` before.
 */
export const rotaryFields = {
  rope_parameters: ropeParameters.nullish(),
  rope_theta: z.number().nullish(),
  rope_scaling: ropeParameters.nullish(),
};
const rotarySchema = z.object(rotaryFields);

export function rotaryConfig(data: z.infer<typeof rotarySchema>): RotaryConfig {
  const rope = data.rope_parameters ?? data.rope_scaling;
  return { base: rope?.rope_theta ?? data.rope_theta ?? 10_000, scaling: rotaryScaling(rope) };
}

export function rotaryScaling(rope: RopeParameters | null | undefined): RotaryConfig['scaling'] {
  switch (rope?.rope_type) {
    case 'linear':
      return { kind: 'linear', factor: rope.factor };
    case 'llama3':
      return {
        kind: 'llama3',
        factor: rope.factor,
        lowFrequencyFactor: rope.low_freq_factor,
        highFrequencyFactor: rope.high_freq_factor,
        originalLength: rope.original_max_position_embeddings,
      };
    default:
      return null;
  }
}

/**
 * Reads the rotary embedding of a GGUF file, which stores Llama 3's scaling as its result: one divisor per
 * frequency. Throws InvalidConfig for another kind of scaling.
 */
export async function ggufRotary(facts: GgufFacts): Promise<RotaryConfig> {
  const base = facts.number('rope.freq_base', 10_000);
  if (facts.has('rope_freqs.weight')) {
    const divisors = Array.from(await facts.values('rope_freqs.weight'));
    return { base, scaling: { kind: 'divisors', divisors } };
  }
  const kind = facts.text('rope.scaling.type') ?? 'none';
  if (kind === 'none') return { base, scaling: null };
  if (kind === 'linear') return { base, scaling: { kind, factor: facts.number('rope.scaling.factor') } };
  throw invalidConfig(`The GGUF file has rope.scaling.type ${kind}; only none and linear are supported.`);
}
