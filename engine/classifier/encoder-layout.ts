import { invalidConfig } from '../../schemas/errors.ts';
import type { TrainedWeights } from '../../schemas/settings/classifiers/encoder.ts';
import { seededRandom } from '../data/seeded-random.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { EncoderConfig } from '../encoder/encoder-config.ts';
import { encoderSpecs } from '../encoder/weights.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type ClassifierLayout, countOf, layoutOf } from './layout.ts';

/** Standard deviation of the initial weights of BERT. */
const INITIAL_DEVIATION = 0.02;

/**
 * Returns how many of the first blocks are not trained. @throws InvalidConfig if more blocks are to be
 * trained than exist
 */
export function frozenBlocks({ blocks }: EncoderConfig, trained: TrainedWeights): number {
  if (typeof trained === 'string') return 0;
  if (trained.lastBlocks <= blocks) return blocks - trained.lastBlocks;
  throw invalidConfig(
    `classifier.trained asks for the last ${trained.lastBlocks} blocks, but the encoder has ${blocks}.`,
  );
}

/**
 * Returns the layout of the trained weights of the encoder, then the head. Each block, the head and the
 * embeddings are one layer each.
 */
export function encoderClassifierLayout(params: {
  config: EncoderConfig;
  trained: TrainedWeights;
  classes: number;
}): ClassifierLayout {
  const { config, trained, classes } = params;
  const { blocks, width } = config;
  const frozen = frozenBlocks(config, trained);
  const specs = encoderSpecs(config).filter(({ block }) =>
    block === null ? trained === 'all' : block >= frozen,
  );
  const head = blocks - frozen;
  return layoutOf([
    ...specs.map(({ name, shape, block }) => ({
      name,
      shape,
      group: block === null ? head + 1 : block - frozen,
    })),
    { name: 'head.weight', shape: [width, classes], group: head },
    { name: 'head.bias', shape: [classes], group: head },
  ]);
}

/** Returns trained numbers [d] as tensors by name. */
export function classifierTensors(
  { parameters }: ClassifierLayout,
  values: Float32Array,
): Map<string, Tensor> {
  return new Map(
    parameters.map(({ name, shape, offset, length }) => [
      name,
      tf.tensor(values.subarray(offset, offset + length), [...shape]),
    ]),
  );
}

/**
 * Returns the public encoder's weights and a random head with zero biases, [d]. The same seed gives the same
 * head.
 */
export function initialEncoderClassifier(params: {
  encoder: Encoder;
  layout: ClassifierLayout;
  seed: number;
}): Float32Array {
  const { encoder, layout, seed } = params;
  const values = new Float32Array(countOf(layout));
  const random = seededRandom(seed);
  for (const { name, offset, length } of layout.parameters) {
    const known = encoder.weights.get(name);
    if (known) values.set(known.dataSync() as Float32Array, offset);
    else if (name === 'head.weight')
      for (let k = 0; k < length; k++)
        values[offset + k] = (2 * random() - 1) * Math.sqrt(3) * INITIAL_DEVIATION;
  }
  return values;
}
