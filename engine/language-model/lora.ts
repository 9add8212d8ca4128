import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { LanguageModel } from './language-model.ts';
import { type LoraLayout, type LoraSite, siteValues } from './lora-layout.ts';

/** A and B of each site as tensors. */
export type LoraTensors = { a: Tensor; b: Tensor; site: LoraSite }[];

export function loraTensors(layout: LoraLayout, values: Float32Array): LoraTensors {
  return layout.sites.map((site) => {
    const { a, b } = siteValues(site, values);
    return {
      site,
      a: tf.tensor2d(a, [site.inputs, site.rank]),
      b: tf.tensor2d(b, [site.rank, site.outputs]),
    };
  });
}

/**
 * Returns the adapted weights of the model by name, with the update added, for generation at the base model's
 * speed.
 */
export function mergedWeights(
  model: LanguageModel,
  layout: LoraLayout,
  values: Float32Array,
): Map<string, Tensor> {
  const merged = new Map<string, Tensor>();
  for (const { a, b, site } of loraTensors(layout, values)) {
    const name = `blocks.${site.block}.${site.matrix}.weight`;
    merged.set(
      name,
      tf.tidy(() => tf.add(model.weights.get(name)!, tf.mul(matMul(a, b), layout.scale))),
    );
    tf.dispose([a, b]);
  }
  return merged;
}
