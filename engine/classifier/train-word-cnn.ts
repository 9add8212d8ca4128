import { setImmediate } from 'node:timers/promises';
import { invalidConfig } from '../../schemas/errors.ts';
import type { ClassifierConfig } from '../../schemas/experiment.ts';
import { type SeededRandom, seededRandom, shuffledIndices } from '../data/seeded-random.ts';
import { tf } from '../tensor/tensorflow.ts';
import { type TokenTable, tableRow } from './token-table.ts';
import { createLayers, variablesOf, type WordCnnLayers, wordCnnLogits } from './word-cnn-layers.ts';

export type WordCnn = {
  /** The class of each text; `ids` is [texts, maxTokens]. */
  predict(ids: Int32Array): Int32Array;
  /** Frees the parameters. The token table is the caller's. */
  dispose(): void;
};

const PREDICTION_BATCH = 128;

/**
 * Trains a WordCNN with Adam and a learning rate that falls linearly to 0. `ids` is [texts, maxTokens] as encodeTexts
 * makes it, `labels` [texts] class indices. Equal seeds give equal weights. The number of updates does not depend on the
 * number of texts: classifiers trained on corpora of unlike sizes had equal compute. `onUpdate` is awaited after each
 * update with the count of those done; what it throws ends the training.
 */
export async function trainWordCnn(params: {
  ids: Int32Array;
  labels: Int32Array;
  classes: number;
  table: TokenTable;
  config: ClassifierConfig;
  seed: number;
  onUpdate?: (done: number) => void | Promise<void>;
}): Promise<WordCnn> {
  const { labels, classes, table, config, seed, onUpdate } = params;
  const { maxTokens, batch, updates } = config;
  if (Math.max(...config.widths) > maxTokens)
    throw invalidConfig('classifier.widths has a width above classifier.maxTokens.');
  const random = seededRandom(seed);
  const layers = createLayers({ table, config, classes, random });
  const optimizer = tf.train.adam(config.learningRate);
  const model = wordCnn({ layers, table, config });
  const nextBatch = shuffledBatches({ records: labels.length, batch, random });
  try {
    for (let update = 0; update < updates; update++) {
      // The library has no schedules: its optimizers read this field at each step.
      Object.assign(optimizer, { learningRate: config.learningRate * (1 - update / updates) });
      trainStep({ ...params, chosen: nextBatch(), layers, optimizer, random });
      await onUpdate?.(update + 1);
      // Ops block the event loop: between steps messages of the parent process get their turn.
      await setImmediate();
    }
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }
  return model;
}

/** Batches of one shuffled pass after the other; the last of a pass may be smaller. */
function shuffledBatches(params: { records: number; batch: number; random: SeededRandom }): () => Int32Array {
  const { records, batch, random } = params;
  let order: Int32Array = new Int32Array(0);
  let start = 0;
  return () => {
    if (start >= order.length) {
      order = shuffledIndices(records, random);
      start = 0;
    }
    const chosen = order.subarray(start, start + batch);
    start += batch;
    return chosen;
  };
}

function trainStep(params: {
  ids: Int32Array;
  labels: Int32Array;
  classes: number;
  table: TokenTable;
  config: ClassifierConfig;
  chosen: Int32Array;
  layers: WordCnnLayers;
  optimizer: ReturnType<typeof tf.train.adam>;
  random: SeededRandom;
}): void {
  const { ids, labels, classes, table, config, chosen, layers, optimizer, random } = params;
  const { maxTokens, wordDropout, dropout } = config;
  const rows = new Int32Array(chosen.length * maxTokens);
  for (const [i, text] of chosen.entries())
    for (let t = 0; t < maxTokens; t++) {
      const row = tableRow(table, ids[text * maxTokens + t]);
      const blanked = row < table.rows && random() < wordDropout;
      rows[i * maxTokens + t] = blanked ? table.rows : row;
    }
  const features = config.widths.length * config.filters;
  const scales = Float32Array.from({ length: chosen.length * features }, () =>
    random() < dropout ? 0 : 1 / (1 - dropout),
  );
  tf.tidy(() => {
    const x = tf.tensor2d(rows, [chosen.length, maxTokens], 'int32');
    const dropped = tf.tensor2d(scales, [chosen.length, features]);
    const target = tf.oneHot(
      tf.tensor1d(
        chosen.map((text) => labels[text]),
        'int32',
      ),
      classes,
    );
    const loss = () => {
      const logits = wordCnnLogits({ layers, table, config, rows: x, dropped });
      return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))).asScalar();
    };
    optimizer.minimize(loss, false, variablesOf(layers));
  });
}

function wordCnn(params: { layers: WordCnnLayers; table: TokenTable; config: ClassifierConfig }): WordCnn {
  const { layers, table, config } = params;
  const { maxTokens } = config;
  return {
    predict(ids) {
      const texts = ids.length / maxTokens;
      const predicted = new Int32Array(texts);
      for (let start = 0; start < texts; start += PREDICTION_BATCH) {
        const part = ids.subarray(start * maxTokens, (start + PREDICTION_BATCH) * maxTokens);
        const classes = tf.tidy(() => {
          const rows = part.map((id) => tableRow(table, id));
          const x = tf.tensor2d(rows, [part.length / maxTokens, maxTokens], 'int32');
          return tf.argMax(wordCnnLogits({ layers, table, config, rows: x }), 1).dataSync();
        });
        predicted.set(classes, start);
      }
      return predicted;
    },
    dispose() {
      for (const variable of variablesOf(layers)) variable.dispose();
    },
  };
}
