import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { assertFiniteTensor } from './assert-finite.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { type LanguageModel, modelOf } from './language-model.ts';
import { type WeightSpec, weightSpecs } from './weights.ts';

/** Reads the weights of a checkpoint into tensors. Throws ArtifactCorrupt if a tensor has a wrong shape. */
export async function loadLanguageModel(source: CheckpointSource): Promise<LanguageModel> {
  const { config } = source;
  const weights = new Map<string, Tensor>();
  for (const spec of weightSpecs(config)) weights.set(spec.name, await loadWeight(source, spec));
  return modelOf({ config, weights });
}

/**
 * Reads one weight from the place where its family stores it, and transposes, cuts or shifts it as needed.
 * Throws ArtifactCorrupt for a wrong shape or numbers that are not finite.
 */
export async function loadWeight(
  source: Pick<CheckpointSource, 'locate' | 'read'>,
  spec: WeightSpec,
): Promise<Tensor> {
  const { tensor, interleavedHeads, transposed, columns, add } = source.locate(spec.name);
  const stored = await source.read(tensor);
  assertFiniteTensor(tensor, stored.values);
  const weight = tf.tidy(() => {
    let value: Tensor = tf.tensor(stored.values, stored.shape);
    if (interleavedHeads) {
      const halves = tf.transpose(
        tf.reshape(value, [interleavedHeads, -1, 2, value.size / value.shape[0]!]),
        [0, 2, 1, 3],
      );
      value = tf.reshape(halves, stored.shape);
    }
    if (transposed) value = tf.transpose(value);
    if (columns) {
      const begin = value.shape.map((_, axis) => (axis === value.rank - 1 ? columns.from : 0));
      const size = value.shape.map((length, axis) => (axis === value.rank - 1 ? columns.count : length));
      value = tf.slice(value, begin, size);
    }
    return add ? tf.add(value, add) : value;
  });
  if (weight.shape.join() === spec.shape.join()) return weight;
  throw new DpsynthError({
    type: ErrorType.ArtifactCorrupt,
    message: `Tensor ${tensor} has shape [${stored.shape}]; the model's config requires [${spec.shape}] for ${spec.name}.`,
  });
}
