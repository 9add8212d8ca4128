import { seededRandom } from '../data/seeded-random.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { EncoderConfig } from '../encoder/encoder-config.ts';
import { encoderSpecs } from '../encoder/weights.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type ClassifierLayout, countOf, layoutOf } from './layout.ts';

/** Standard deviation of what the weights of BERT itself were started with. */
const INITIAL_DEVIATION = 0.02;

/** Which weights are trained beside the head: all, or those of the blocks, while the embeddings stay as they are. */
export type TrainedWeights = 'all' | 'blocks';

/** The trained weights of the encoder, then the head. Each block is a layer, the head one, the embeddings one. */
export function encoderClassifierLayout(params: {
  config: EncoderConfig;
  trained: TrainedWeights;
  classes: number;
}): ClassifierLayout {
  const { config, trained, classes } = params;
  const { blocks, width } = config;
  const specs = encoderSpecs(config).filter(({ block }) => trained === 'all' || block !== null);
  return layoutOf([
    ...specs.map(({ name, shape, block }) => ({ name, shape, group: block ?? blocks + 1 })),
    { name: 'head.weight', shape: [width, classes], group: blocks },
    { name: 'head.bias', shape: [classes], group: blocks },
  ]);
}

/** Trained numbers [d] as tensors by name. */
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

/** The public encoder's weights, and a random head with zero biases that is the same for the same seed: [d]. */
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
