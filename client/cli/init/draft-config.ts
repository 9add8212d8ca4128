import type { ExperimentInput } from '../../../schemas/experiment.ts';

/** The amount of work in a run. */
export type WorkSize = {
  expectedBatchSize: number;
  steps: number;
  /** Synthetic texts. */
  records: number;
  /** Classifiers trained for each row of the result. */
  seeds: number;
};

export type Draft = {
  name: string;
  /** An absolute path: the experiment runs from any folder. */
  source: string;
  textField: string;
  labelField: string;
  labels: readonly string[];
  descriptions: ReadonlyMap<string, string>;
  epsilon: number;
};

/** Records in memory at once. The run lowers it if memory runs out. */
const MICRO_BATCH = 16;

/**
 * Returns the experiment that `dpsynth init` proposes. Apart from its size it has the settings of
 * examples/topics.json, which were found on public text, so they reveal nothing about the records.
 */
export function draftConfig(draft: Draft, size: WorkSize): ExperimentInput {
  const { name, source, textField, labelField, labels, descriptions, epsilon } = draft;
  return {
    name,
    corpus: { source, textField, labelField, labels: [...labels] },
    template: {
      form: 'chat',
      instruction: 'Write {description}.',
      descriptions: Object.fromEntries(descriptions),
    },
    training: {
      adapter: { method: 'lora', rank: 8, alpha: 8, matrices: ['v'], lastBlocks: 20, freezeA: true },
      expectedBatchSize: size.expectedBatchSize,
      steps: size.steps,
      learningRate: { peak: 0.05, decay: 'linear' },
      maxTokens: 48,
      microBatch: Math.min(MICRO_BATCH, size.expectedBatchSize),
    },
    privacy: { epsilon, clippingNorm: 0.1 },
    sampling: { records: size.records, maxTokens: 48, temperature: 0.7, topP: 0.95, labels: 'uniform' },
    classifier: { kind: 'wordcnn', seeds: size.seeds },
  };
}

/** A description that only repeats the label. */
export function plainDescription(label: string): string {
  return `a text of the kind "${label.replaceAll('_', ' ').replaceAll('"', "'")}"`;
}
