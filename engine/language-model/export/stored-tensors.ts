import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import { familyOf } from '../families/index.ts';
import type { LanguageModel } from '../language-model.ts';
import type { TensorToWrite } from '../safetensors-writer.ts';

/**
 * Returns all weights of a model with the names and layout of its family's Hugging Face checkpoints, the
 * inverse of `loadLanguageModel`. Each tensor is computed when it is written.
 */
export function storedTensors({ config, weights }: LanguageModel): TensorToWrite[] {
  const byTensor = new Map<string, { weight: string; from: number }[]>();
  const family = familyOf(config);
  for (const weight of weights.keys()) {
    const { tensor, columns } = family.locate(weight, config);
    const parts = byTensor.get(tensor) ?? [];
    byTensor.set(tensor, [...parts, { weight, from: columns?.from ?? 0 }]);
  }
  return [...byTensor].map(([name, parts]) => {
    const inOrder = parts.sort((a, b) => a.from - b.from).map(({ weight }) => weight);
    const { transposed, add } = family.locate(inOrder[0], config);
    const compute = (): Tensor => {
      const tensors = inOrder.map((weight) => weights.get(weight)!);
      const joined = tensors.length === 1 ? tensors[0] : tf.concat(tensors, -1);
      const stored = add ? tf.sub(joined, add) : joined;
      return transposed ? tf.transpose(stored) : stored;
    };
    return {
      name,
      shape: shapeOf(
        inOrder.map((weight) => weights.get(weight)!.shape),
        transposed ?? false,
      ),
      values() {
        // Read outside `tidy`, which would check every number of its result for tensors.
        const stored = tf.tidy(compute);
        const values = stored.dataSync() as Float32Array;
        if (stored !== weights.get(inOrder[0])) stored.dispose();
        return values;
      },
    };
  });
}

function shapeOf(parts: readonly number[][], transposed: boolean): number[] {
  const last = parts.reduce((sum, shape) => sum + shape[shape.length - 1], 0);
  const joined = [...parts[0].slice(0, -1), last];
  return transposed ? joined.reverse() : joined;
}
