import { padBatch } from '../../language-model/forward.ts';
import { type LanguageModel, modelFromValues } from '../../language-model/language-model.ts';
import { weightSpecs } from '../../language-model/weights.ts';
import { type Tensor, tf } from '../../tensor/tensorflow.ts';
import { backpropagate, type OutputGradients } from '../backpropagate.ts';
import type { EncodedRecord } from '../encode-records.ts';
import type { ParameterTensor } from '../parameter-layout.ts';
import { zeroGradients } from './dense-gradients.ts';
import { blockGhosts } from './ghost/block.ts';
import { inputGradient, outputGradient, recordParts, tiedGradient } from './ghost/embedding.ts';
import { finalNormGhosts } from './ghost/final-norm.ts';
import { type GhostGradient, smallGradient } from './ghost/ghost-gradient.ts';
import { ofGhosts } from './ghost/of-ghosts.ts';
import type { LossConfig, RecordGradients, TrainingMethod } from './method.ts';

/**
 * Returns the method that trains every weight. No record's gradient is ever held in full. Its norm comes from
 * products of the inputs and output gradients of each layer (ghost norms, arXiv 2110.05679). The clipped sum
 * comes from the same inputs and gradients, kept through the backward pass (book-keeping, arXiv 2210.00038),
 * so one backward pass suffices.
 */
export function fullMethod({
  model,
  loss,
}: {
  model: LanguageModel;
  loss: LossConfig;
}): TrainingMethod<EncodedRecord> {
  const { config } = model;
  const layout = fullLayout(model);
  const { parameters } = layout;

  return {
    ...layout,
    initial() {
      const values = new Float32Array(parameters.reduce((sum, { length }) => sum + length, 0));
      for (const { name, offset } of parameters)
        values.set(model.weights.get(name)!.dataSync() as Float32Array, offset);
      return values;
    },
    load(values, { recompute }) {
      const current = modelFromValues(config, values);
      return {
        gradients: (records) => ghostGradients({ model: current, records, loss, recompute, layout }),
        dispose: () => tf.dispose([...current.weights.values()]),
      };
    },
    whole: (trained) => trained,
  };
}

type FullLayout = Pick<TrainingMethod<EncodedRecord>, 'parameters' | 'groupOf' | 'groups'>;

/**
 * Lays out all weights. Embeddings, output matrix and final norm together are one layer, besides the blocks.
 */
function fullLayout({ config }: LanguageModel): FullLayout {
  const specs = weightSpecs(config);
  const parameters: ParameterTensor[] = [];
  let offset = 0;
  for (const { name, shape } of specs) {
    const length = shape.reduce((a, b) => a * b, 1);
    parameters.push({ name, shape, offset, length });
    offset += length;
  }
  return {
    parameters,
    groupOf: specs.map(({ block }) => block ?? config.blocks),
    groups: config.blocks + 1,
  };
}

function ghostGradients(params: {
  model: LanguageModel;
  records: readonly EncodedRecord[];
  loss: LossConfig;
  recompute: boolean;
  layout: FullLayout;
}): RecordGradients {
  const { model, records, loss, recompute, layout } = params;
  const ghosts = new Map<string, GhostGradient>();
  let atOutput: ReturnType<typeof recordParts> = [];
  const result = backpropagate({
    model,
    records,
    loss,
    adaptation: (index) => blockGhosts({ model, index, records: records.length, ghosts }),
    firstBlock: 0,
    inputGradient: true,
    recompute,
    onOutput(output: OutputGradients) {
      atOutput = recordParts(output);
      finalNormGhosts({ model, output, records: records.length, ghosts });
    },
  });
  if (result === null) return zeroGradients({ records: records.length, ...layout });
  embeddingGhosts({ model, records, dInput: result.dInput!, atOutput, ghosts });
  const inOrder = layout.parameters.map(({ name }) => ghosts.get(name)!);
  return ofGhosts({ losses: result.losses, ghosts: inOrder, layout });
}

/**
 * Adds the gradients of the embedding matrix, the learned positions and the output matrix. Frees `dInput`.
 */
function embeddingGhosts(params: {
  model: LanguageModel;
  records: readonly EncodedRecord[];
  dInput: Tensor;
  atOutput: ReturnType<typeof recordParts>;
  ghosts: Map<string, GhostGradient>;
}): void {
  const { model, records, dInput, atOutput, ghosts } = params;
  const { width, vocabulary, embeddingScale, learnedPositions, tiedEmbeddings } = model.config;
  const { ids, tokens } = padBatch(records.map((record) => record.ids));
  if (learnedPositions !== null) {
    // A record has each position once, so its gradient of the table is its input gradient, followed by zeros.
    const byPosition = tf.tidy(() => tf.reshape(dInput, [records.length, tokens * width]));
    const seen = smallGradient(byPosition);
    ghosts.set('positions', {
      ...seen,
      sum: (factors) =>
        tf.pad(tf.reshape(seen.sum(factors), [tokens, width]), [
          [0, learnedPositions - tokens],
          [0, 0],
        ]),
    });
  }
  const dx = tf.tidy(() => tf.mul(dInput, embeddingScale));
  dInput.dispose();
  const input = inputGradient({ ids, dx, records: records.length, vocabulary });
  const output = outputGradient(atOutput, [vocabulary, width]);
  if (!tiedEmbeddings) {
    ghosts.set('embedding', input);
    ghosts.set('output', output);
    return;
  }
  ghosts.set('embedding', tiedGradient({ ids, input, dx, output, parts: atOutput }));
}
