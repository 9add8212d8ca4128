import type { LoraConfig } from '../../../schemas/settings/training.ts';
import { seededRandom } from '../../data/seeded-random.ts';
import type { BlockAdaptation } from '../../language-model/adaptation.ts';
import { forTraining } from '../../language-model/for-training.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import { type LoraTensors, loraTensors } from '../../language-model/lora.ts';
import { initialLora, type LoraLayout, loraLayout } from '../../language-model/lora-layout.ts';
import type { MatrixName } from '../../language-model/model-config.ts';
import { matMul } from '../../tensor/ops.ts';
import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import { backpropagate } from '../backpropagate.ts';
import type { EncodedRecord } from '../encode-records.ts';
import { loraParameters } from '../lora-parameters.ts';
import { dense, zeroGradients } from './dense-gradients.ts';
import type { LoadedMethod, LossConfig, TrainingMethod } from './method.ts';

/** The gradients of the records of one micro-batch, by parameter name. */
type Gradients = Map<string, Tensor>;

/**
 * Returns the method of low-rank adaptation (arXiv 2106.09685). With A frozen at its start, it is FFA-LoRA
 * (arXiv 2403.12313).
 */
export function loraMethod(params: {
  model: LanguageModel;
  adapter: LoraConfig;
  loss: LossConfig;
  seed: number;
}): TrainingMethod<EncodedRecord> {
  const { adapter, loss, seed } = params;
  const model = forTraining(params.model);
  const layout = loraLayout(model.config, adapter);
  const parameters = loraParameters(layout);
  const start = initialLora(layout, seededRandom(seed));
  const groupOf = parameters.map(({ name }) => Number(/^block (\d+)/.exec(name)![1]) - layout.firstBlock);

  /** Returns the flat vector of the adapter: the trained numbers, then the frozen ones. */
  function whole(trained: Float32Array): Float32Array {
    const values = Float32Array.from(start);
    values.set(trained);
    return values;
  }

  function load(values: Float32Array, { recompute }: { recompute: boolean }): LoadedMethod<EncodedRecord> {
    const tensors = scaled(loraTensors(layout, whole(values)), layout.scale);
    function gradients(records: readonly EncodedRecord[]) {
      const byName: Gradients = new Map();
      const result = backpropagate({
        model,
        records,
        loss,
        adaptation: (index) => blockAdaptation({ layout, tensors, index, records: records.length, byName }),
        firstBlock: layout.firstBlock,
        inputGradient: false,
        recompute,
      });
      if (result === null) return zeroGradients({ records: records.length, parameters, groups });
      const inOrder = parameters.map(({ name }) => byName.get(name)!);
      return dense({ losses: result.losses, gradients: inOrder, parameters, groupOf, groups });
    }
    return { gradients, dispose: () => tf.dispose(tensors.flatMap(({ a, scaledB }) => [a, scaledB])) };
  }

  const groups = model.config.blocks - layout.firstBlock;
  return {
    parameters,
    groupOf,
    groups,
    initial: () => start.slice(0, layout.parameters),
    load,
    whole,
  };
}

/** The adapted matrices of a block. B includes the scale of the update, as both passes need it. */
type ScaledTensors = { a: Tensor; scaledB: Tensor; site: LoraTensors[number]['site'] }[];

function scaled(tensors: LoraTensors, scale: number): ScaledTensors {
  return tensors.map(({ a, b, site }) => {
    const scaledB = tf.tidy(() => tf.mul(b, scale));
    b.dispose();
    return { a, scaledB, site };
  });
}

/**
 * Computes y + scale (x A) B in the block's adapted matrices. Collects dA [records, inputs, rank] and dB
 * [records, rank, outputs].
 */
function blockAdaptation(params: {
  layout: LoraLayout;
  tensors: ScaledTensors;
  index: number;
  records: number;
  byName: Gradients;
}): BlockAdaptation | null {
  const { layout, tensors, index, records, byName } = params;
  const own = new Map<MatrixName, ScaledTensors[number]>();
  for (const entry of tensors) if (entry.site.block === index) own.set(entry.site.matrix, entry);
  if (own.size === 0) return null;
  const byRecord = (t: Tensor) => tf.reshape(t, [records, -1, t.shape[1]!]);
  return {
    wantsInput: (matrix) => own.has(matrix),
    forward(matrix, x, y) {
      const site = own.get(matrix);
      return site ? tf.add(y, matMul(matMul(x, site.a), site.scaledB)) : y;
    },
    backward(matrix, x, dy) {
      const site = own.get(matrix);
      if (!site || x === null) return null;
      const dLow = matMul(dy, site.scaledB, { transposeB: true });
      const low = tf.mul(matMul(x, site.a), layout.scale);
      const note = (part: 'A' | 'B', gradient: Tensor) =>
        byName.set(`block ${index}, ${part} of ${matrix}`, tf.keep(gradient));
      note('B', tf.matMul(byRecord(low), byRecord(dy), true, false));
      if (!layout.freezeA) note('A', tf.matMul(byRecord(x), byRecord(dLow), true, false));
      return matMul(dLow, site.a, { transposeB: true });
    },
    norm: () => {},
  };
}
