import type { LabelledText } from '../../schemas/records.ts';

/** What a text teaches beside its label. */
export type SoftLabel = {
  /** [classes] Learnt instead of the label: the probability of each class, in the order of the labels. */
  probabilities?: ArrayLike<number>;
  /** What the loss of the record, and so its gradient, is multiplied by. @default 1 */
  weight?: number;
};

/** A text to train on. */
export type TrainingText = LabelledText & SoftLabel;

/**
 * A text as a classifier takes it: what stands in `ids` is the architecture's own matter. `label` is
 * a class index.
 */
export type ClassifierRecord = { ids: readonly number[]; label: number } & SoftLabel;
