import type { TrainingMethod } from '../training/methods/method.ts';
import type { ClassifierRecord } from './classifier-record.ts';

/** One kind of classifier with its settings: how it reads a text, what it trains, and how it predicts. */
export type Architecture = {
  /** Returns the ids of a text. They depend on no other text. */
  encode(text: string): readonly number[];
  /**
   * Number of texts of `maxTokens` tokens in a physical micro-batch. It affects neither draws nor accounting.
   */
  microBatch: number;
  /**
   * Returns the method for the training loop. The public `seed` determines the starting point and, with
   * dropout, what is dropped. `step` returns the number of the current update.
   */
  method(params: { seed: number; step: () => number }): TrainingMethod<ClassifierRecord>;
  /** Returns loss (nats) and class of each record under the trained numbers [d], without dropout. */
  evaluate(trained: Float32Array, records: readonly ClassifierRecord[]): Evaluated;
  dispose(): void;
};

export type Evaluated = {
  /** [records] Cross-entropy with the record's label, or with its probabilities, times its weight. */
  losses: Float32Array;
  /** [records] */
  predicted: Int32Array;
};
