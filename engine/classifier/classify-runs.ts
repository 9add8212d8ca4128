import { invalidData } from '../../schemas/errors.ts';
import type { ClassifierConfig } from '../../schemas/experiment.ts';
import type { LabelledText } from '../../schemas/records.ts';
import { labelIndices } from '../data/records-file.ts';
import { encodeTexts, type TextEncoder } from './text-encoder.ts';
import { frozenTable, trainedTable } from './token-table.ts';
import { trainWordCnn } from './train-word-cnn.ts';

export type ClassifierRuns = {
  /** [test records] Class of each test record: an index into the labels. */
  truth: Int32Array;
  trainingRecords: number;
  runs: { seed: number; predicted: Int32Array }[];
};

/**
 * Trains one classifier a seed on the training texts and predicts the test texts with each. Empty training texts are
 * left out; labels without any text are learnt to be improbable. `onUpdate` gets the updates done and to do over all seeds; what
 * it throws ends the work.
 * Throws InvalidData where fewer than two labels have texts.
 */
export async function classifyRuns(params: {
  train: LabelledText[];
  test: LabelledText[];
  labels: string[];
  encoder: TextEncoder;
  config: ClassifierConfig;
  seeds: number[];
  onUpdate?: (done: number, of: number) => void;
}): Promise<ClassifierRuns> {
  const { test, labels, encoder, config, seeds, onUpdate } = params;
  const { maxTokens, updates } = config;
  const train = params.train.filter(({ text }) => text.trim() !== '');
  if (new Set(train.map(({ label }) => label)).size < 2)
    throw invalidData(
      'The texts to train the classifier on have fewer than two labels: it cannot be trained.',
    );
  const encode = (records: LabelledText[]) =>
    encodeTexts({ texts: records.map(({ text }) => text), encoder, maxTokens });
  const truth = labelIndices(test, labels, 'the test records');
  const classes = labelIndices(train, labels, 'the training records');
  const trainIds = encode(train);
  const testIds = encode(test);
  const table =
    encoder.embeddings === undefined
      ? trainedTable({ encoder, ids: trainIds })
      : frozenTable(encoder.embeddings);
  const runs: ClassifierRuns['runs'] = [];
  try {
    for (const [index, seed] of seeds.entries()) {
      const model = await trainWordCnn({
        ids: trainIds,
        labels: classes,
        classes: labels.length,
        table,
        config,
        seed,
        onUpdate: (done) => onUpdate?.(index * updates + done, seeds.length * updates),
      });
      runs.push({ seed, predicted: model.predict(testIds) });
      model.dispose();
    }
  } finally {
    table.frozen?.dispose();
  }
  return { truth, trainingRecords: train.length, runs };
}
