import type { TrainingConfig } from '../../../schemas/settings/training.ts';
import type { Tensor } from '../../tensor/tensorflow.ts';
import type { ParameterTensor } from '../parameter-layout.ts';

/** How the loss of a record is normalised, always within the record. */
export type LossConfig = Pick<TrainingConfig, 'lossNormalisation' | 'maxTokens'>;

/**
 * The gradients of each record in one micro-batch, as far as clipping needs them. No method has to hold every
 * record's gradient in full. Holds tensors: call `dispose`.
 */
export type RecordGradients = {
  /** Loss of each record, nats: [records]. */
  losses: Float32Array;
  /** Squared l2 norm of each record's gradient in each group of parameters: [records * groups]. */
  squaredNorms: Float32Array;
  /**
   * Returns the sum over records of factor times gradient, one tensor per parameter tensor, in the order of
   * `parameters`. The caller disposes of them. `factors` is [records * groups]; 0 leaves a record out even if
   * its gradient is not finite.
   */
  sum(factors: Float32Array): Tensor[];
  dispose(): void;
};

/** A record as a model reads it. Records of similar length share a micro-batch. */
export type TokenRecord = { ids: readonly number[] };

/** A method with its parameters on the device. */
export type LoadedMethod<R extends TokenRecord> = {
  gradients(records: readonly R[]): RecordGradients;
  dispose(): void;
};

/**
 * The trainable numbers of a model and the gradients of each record's loss with respect to them. The numbers
 * form one flat vector with the layout `parameters`.
 */
export type TrainingMethod<R extends TokenRecord> = {
  /** The trained tensors in order. Their lengths add up to d. */
  parameters: readonly ParameterTensor[];
  /** The group of each parameter tensor for per-layer clipping. A transformer block is one layer. */
  groupOf: readonly number[];
  groups: number;
  /** Returns the trained numbers [d] at the start of training. */
  initial(): Float32Array;
  load(values: Float32Array, options: { recompute: boolean }): LoadedMethod<R>;
  /**
   * Returns all numbers of the adapter for `applyAdapter`: the trained ones and those fixed at their start.
   */
  whole(trained: Float32Array): Float32Array;
};
