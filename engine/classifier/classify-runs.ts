import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { ClassifierConfig } from '../../schemas/settings/classifier.ts';
import { labelIndices } from '../data/records-file.ts';
import { seededRandom, shuffledIndices } from '../data/seeded-random.ts';
import type { DpPlan } from '../privacy/mechanism-plan.ts';
import type { RunKey } from '../privacy/run-key.ts';
import type { Architecture } from './architecture.ts';
import type { ClassifierRecord, SoftLabel, TrainingText } from './classifier-record.ts';
import { createArchitecture } from './create-architecture.ts';
import { type ClassifierBudget, planClassifier, planPrivateClassifier } from './plan-classifier.ts';
import type { EncoderFolder, TextEncoder } from './text-encoder.ts';
import { trainClassifier } from './train-classifier.ts';

export type ClassifierRuns = {
  /** [test records] Class of each test record, an index into the labels. */
  truth: Int32Array;
  trainingRecords: number;
  runs: { seed: number; predicted: Int32Array }[];
  /** The plan of each run if trained with privacy; null otherwise. */
  plan: DpPlan | null;
};

type Params = {
  /** Those with probabilities are learnt by them instead of by their labels. */
  train: TrainingText[];
  test: LabelledText[];
  labels: string[];
  /**
   * The public language model's tokenizer, or the folder of an encoder, with which the classifier reads
   * texts.
   */
  encoder: TextEncoder | EncoderFolder;
  config: ClassifierConfig;
  seeds: number[];
  /** Trains on the texts with DP; each seed spends this budget. @default null: without privacy */
  budget?: ClassifierBudget | null;
  /** Returns the secret key of each seed's training. Required with a budget. */
  runKeyOf?: (seed: number) => RunKey;
  onUpdate?: (done: number, of: number) => void;
};

/**
 * Trains one classifier per seed on the training texts and predicts the test texts with each. `onUpdate`
 * receives the finished and the total updates over all seeds; an error that it throws stops the work.
 *
 * Without privacy, empty texts are left out, labels without texts become improbable, and early stopping holds
 * out a share of the training texts. With privacy, every record counts and nothing is read outside the
 * mechanism. Throws InvalidData if fewer than two labels have texts, InvalidConfig for a budget that cannot
 * be planned.
 */
export async function classifyRuns(params: Params): Promise<ClassifierRuns> {
  const { test, labels, encoder, config, seeds, budget = null, runKeyOf, onUpdate } = params;
  const isPrivate = budget !== null;
  const train = isPrivate ? params.train : usable(params.train);
  const architecture = await createArchitecture({
    config,
    classes: labels.length,
    encoder,
    trainingTexts: train.map(({ text }) => text),
    isPrivate,
  });
  try {
    const records = recordsOf({ architecture, texts: train, labels, name: 'the training records' });
    const tested = recordsOf({ architecture, texts: test, labels, name: 'the test records' });
    const plan = isPrivate
      ? planPrivateClassifier({ records: records.length, settings: config.dp, budget })
      : null;
    const { updates } = plan === null ? config : config.dp;
    const runs: ClassifierRuns['runs'] = [];
    for (const [index, seed] of seeds.entries()) {
      const report = (done: number) => onUpdate?.(index * updates + done, seeds.length * updates);
      const common = { architecture, seed, onUpdate: report };
      const trained =
        plan === null
          ? await trainPlainly({ ...common, records, config })
          : await trainClassifier({
              ...common,
              records,
              plan,
              learningRate: config.dp.learningRate,
              runKey: runKeyOf?.(seed),
            });
      runs.push({ seed, predicted: architecture.evaluate(trained, tested).predicted });
    }
    return {
      truth: Int32Array.from(tested, ({ label }) => label),
      trainingRecords: records.length,
      runs,
      plan,
    };
  } finally {
    architecture.dispose();
  }
}

function usable(texts: TrainingText[]): TrainingText[] {
  const train = texts.filter(({ text }) => text.trim() !== '');
  if (new Set(train.map(({ label }) => label)).size < 2)
    throw invalidData(
      'The training texts of the classifier have fewer than two labels, so it cannot be trained.',
    );
  return train;
}

function recordsOf(params: {
  architecture: Architecture;
  texts: TrainingText[];
  labels: string[];
  name: string;
}): ClassifierRecord[] {
  const { architecture, texts, labels, name } = params;
  const classes = labelIndices(texts, labels, name);
  return texts.map(({ text, probabilities, weight }, i) => {
    if (!isSoftLabel({ probabilities, weight }, labels.length))
      throw invalidData(
        `${name}, record ${i + 1}: its probabilities are not one per label with the sum 1, or its weight is not a positive number.`,
      );
    return { ids: architecture.encode(text), label: classes[i], probabilities, weight };
  });
}

function isSoftLabel({ probabilities, weight = 1 }: SoftLabel, classes: number): boolean {
  if (!(weight > 0 && Number.isFinite(weight))) return false;
  if (probabilities === undefined) return true;
  const values = Array.from(probabilities);
  const sum = values.reduce((total, value) => total + value, 0);
  return values.length === classes && values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-3;
}

function trainPlainly(params: {
  architecture: Architecture;
  records: ClassifierRecord[];
  config: ClassifierConfig;
  seed: number;
  onUpdate: (done: number) => void;
}): Promise<Float32Array> {
  const { records, config, seed, ...rest } = params;
  const { earlyStopping, learningRate } = config;
  const order = shuffledIndices(records.length, seededRandom(seed));
  const held =
    earlyStopping === undefined ? 0 : Math.max(1, Math.round(earlyStopping.fraction * order.length));
  const [validation, kept] = [order.subarray(0, held), order.subarray(held)].map((part) =>
    Array.from(part, (index) => records[index]),
  );
  return trainClassifier({
    ...rest,
    records: kept,
    plan: planClassifier({ records: kept.length, settings: config }),
    learningRate,
    seed,
    stopping: earlyStopping && { ...earlyStopping, validation },
  });
}
