import type { TrainingConfig } from '../../../schemas/settings/training.ts';
import type { Tensor } from '../../tensor/tensorflow.ts';
import type { ParameterTensor } from '../parameter-layout.ts';

/** How the loss of a record is normalised: inside the record only. */
export type LossConfig = Pick<TrainingConfig, 'lossNormalisation' | 'maxTokens'>;

/**
 * The gradients of one micro-batch, told apart by record: as far as clipping needs, for no method has to hold every
 * record's gradient in full. Holds tensors: call `dispose`.
 */
export type RecordGradients = {
  /** Loss of each record, nats: [records]. */
  losses: Float32Array;
  /** Squared l2 norm of each record's gradient in each group of parameters: [records * groups]. */
  squaredNorms: Float32Array;
  /**
   * The sum over records of factor times gradient, one tensor a parameter tensor, in the order of `parameters`; the
   * caller disposes of them. `factors` [records * groups]; 0 leaves a record out even where it is not finite.
   */
  sum(factors: Float32Array): Tensor[];
  dispose(): void;
};

/** A record as a model takes it: its length decides which others it shares a micro-batch with. */
export type TokenRecord = { ids: readonly number[] };

/** A method with its parameters on the device. */
export type LoadedMethod<R extends TokenRecord> = {
  gradients(records: readonly R[]): RecordGradients;
  dispose(): void;
};

/**
 * What the training loop trains: which numbers, and the gradients of a loss of single records by them. The numbers stand
 * in one flat vector, laid out as `parameters` says.
 */
export type TrainingMethod<R extends TokenRecord> = {
  /** The trained tensors in order. Their lengths add up to d. */
  parameters: readonly ParameterTensor[];
  /** The group of each parameter tensor, for clipping by layer: a transformer block is a layer. */
  groupOf: readonly number[];
  groups: number;
  /** Where training starts: trained numbers [d]. */
  initial(): Float32Array;
  load(values: Float32Array, options: { recompute: boolean }): LoadedMethod<R>;
  /** All numbers of the adapter, as `applyAdapter` takes them: the trained ones, and those that stay as they start. */
  whole(trained: Float32Array): Float32Array;
};
