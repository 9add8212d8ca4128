import type { TrainingMethod } from '../training/methods/method.ts';
import type { ClassifierRecord } from './classifier-record.ts';

/** One kind of classifier with its settings: how a text is read, what is trained, and how it predicts. */
export type Architecture = {
  /** The ids of a text. They depend on no other text. */
  encode(text: string): readonly number[];
  /** Texts of `maxTokens` tokens in a physical micro-batch of training; neither draws nor accounting see it. */
  microBatch: number;
  /**
   * What the training loop trains. `seed` is public: it decides where training starts and, with dropout, what is
   * dropped; `step` tells the number of the update under way.
   */
  method(params: { seed: number; step: () => number }): TrainingMethod<ClassifierRecord>;
  /** Loss (nats) and class of each record under the trained numbers [d], without dropout. */
  evaluate(trained: Float32Array, records: readonly ClassifierRecord[]): Evaluated;
  dispose(): void;
};

export type Evaluated = {
  /** [records] Cross-entropy with the record's label, or with its probabilities, times its weight. */
  losses: Float32Array;
  /** [records] */
  predicted: Int32Array;
};
