import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Architecture } from './architecture.ts';
import { evaluateInBatches, SMALL_TEXTS_MICRO_BATCH } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import { type DropoutRates, dropoutMasks } from './dropout-masks.ts';
import { encodeText, type TextEncoder } from './text-encoder.ts';
import type { TokenTable } from './token-table.ts';
import { type TokenRows, wordCnnForward } from './word-cnn-forward.ts';
import { wordCnnGradients } from './word-cnn-gradients.ts';
import { initialWordCnn, type WordCnnShape, wordCnnLayout, wordCnnTensors } from './word-cnn-layout.ts';

/** Returns the WordCNN of Kim 2014 over a table of token embeddings, which it owns and frees. */
export function wordCnnClassifier(params: {
  encoder: TextEncoder;
  table: TokenTable;
  config: WordCnnShape & { maxTokens: number };
  rates: DropoutRates;
  classes: number;
}): Architecture {
  const { encoder, table, config, rates, classes } = params;
  const layout = wordCnnLayout({ table, config, classes });
  const open = (values: Float32Array) => wordCnnTensors({ table, config, layout, values });
  const features = config.widths.length * config.filters;
  const drops = rates.dropout > 0 || rates.wordDropout > 0;
  const padding = table.rows;
  return {
    encode: (text) =>
      encodeText({ text, encoder, maxTokens: config.maxTokens }).map((token) => table.rowOf[token]),
    microBatch: SMALL_TEXTS_MICRO_BATCH,
    method: ({ seed, step }) => ({
      ...layout,
      initial: () => initialWordCnn(layout, seed),
      load(values) {
        const tensors = open(values);
        return {
          gradients(records) {
            const pass = { tensors, config, layout, records };
            if (!drops)
              return wordCnnGradients({
                ...pass,
                batch: padded(
                  records.map(({ ids }) => ids),
                  padding,
                ),
              });
            const masks = dropoutMasks({ records, rates, features, blank: padding, seed, step: step() });
            const dropped = tf.tensor2d(masks.scales, [records.length, features]);
            try {
              return wordCnnGradients({ ...pass, batch: padded(masks.ids, padding), dropped });
            } finally {
              dropped.dispose();
            }
          },
          dispose: tensors.dispose,
        };
      },
      whole: (trained) => trained,
    }),
    evaluate(trained, records) {
      const tensors = open(trained);
      const logits = (batch: readonly ClassifierRecord[]): Tensor =>
        wordCnnForward({
          tensors,
          config,
          batch: padded(
            batch.map(({ ids }) => ids),
            padding,
          ),
        }).logits;
      try {
        return evaluateInBatches(records, logits);
      } finally {
        tensors.dispose();
      }
    },
    dispose: () => table.frozen?.dispose(),
  };
}

function padded(ids: readonly (readonly number[])[], padding: number): TokenRows {
  // At least two, because TensorFlow refuses to pool over one.
  const tokens = ids.reduce((most, { length }) => Math.max(most, length), 2);
  const rows = new Int32Array(ids.length * tokens).fill(padding);
  for (const [record, own] of ids.entries()) rows.set(own, record * tokens);
  return { rows, records: ids.length, tokens, padding };
}
