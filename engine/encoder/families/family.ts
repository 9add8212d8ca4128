import type { StoredWeight } from '../../language-model/families/family.ts';
import type { EncoderActivation, EncoderConfig } from '../encoder-config.ts';

/** One family of encoders: how its checkpoints describe themselves and name their weights. */
export type EncoderFamily = {
  /** Reads config.json. Throws ZodError if a field is missing or requires an unsupported feature. */
  readConfig(json: unknown): EncoderConfig;
  /** The names of its tensors, without the name of the model in front of them. */
  names: EncoderNames;
};

export type EncoderNames = {
  top: Readonly<Record<string, string>>;
  block: (index: string) => string;
  /** Names within a block, by their names in weights.ts. */
  parts: Readonly<Record<string, string>>;
};

/** Returns where a checkpoint stores a weight. Linear maps are stored as [outputs, inputs]. */
export function locateByName({ top, block, parts }: EncoderNames, weight: string): StoredWeight {
  const [first, second = 'weight', part, kind] = weight.split('.');
  if (first !== 'blocks') return { tensor: `${top[first]}.${second}` };
  const tensor = `${block(second)}.${parts[part]}.${kind}`;
  return kind === 'weight' && !part.endsWith('Norm') ? { tensor, transposed: true } : { tensor };
}

/** Activations by their names in config.json. */
export const ACTIVATIONS = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu: 'relu',
} as const satisfies Record<string, EncoderActivation>;
