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
  /** Proposed topics by label; none if nobody asked for them. */
  attributes?: ReadonlyMap<string, readonly string[]>;
};

/** Records in memory at once. The run lowers it if memory runs out. */
const MICRO_BATCH = 16;

/**
 * Returns the experiment that `dpsynth init` proposes. Apart from its size it has the settings of
 * examples/topics.json, which were found on public text, so they reveal nothing about the records.
 */
export function draftConfig(draft: Draft, size: WorkSize): ExperimentInput {
  const { name, source, textField, labelField, labels, descriptions, epsilon, attributes } = draft;
  const isVaried = attributes !== undefined && attributes.size > 0;
  return {
    name,
    corpus: { source, textField, labelField, labels: [...labels] },
    template: {
      form: 'chat',
      instruction: isVaried ? 'Write {description} about: {attribute}.' : 'Write {description}.',
      descriptions: Object.fromEntries(descriptions),
      ...(isVaried
        ? {
            attributes: Object.fromEntries(
              [...attributes].map(([label, list]): [string, string[]] => [label, [...list]]),
            ),
          }
        : {}),
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
    sampling: {
      records: size.records,
      maxTokens: 96,
      // Varied instructions make texts unlike by themselves, and bear a little more chance.
      temperature: isVaried ? 0.8 : 0.7,
      topP: 0.95,
      labels: 'uniform',
      endAtSentence: true,
      filter: {},
    },
    classifier: { kind: 'wordcnn', seeds: size.seeds },
  };
}

/** A description that only repeats the label. */
export function plainDescription(label: string): string {
  return `a text of the kind "${label.replaceAll('_', ' ').replaceAll('"', "'")}"`;
}
