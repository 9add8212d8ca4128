import { matMul, tidy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { type GhostGradient, smallGradient } from '../training/methods/ghost/ghost-gradient.ts';
import { linearGradient } from '../training/methods/ghost/linear.ts';
import { ofGhosts } from '../training/methods/ghost/of-ghosts.ts';
import type { RecordGradients } from '../training/methods/method.ts';
import { classLoss } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';
import type { ClassifierLayout } from './layout.ts';

/** A linear map of the pooled vector: weight [width, classes], bias [classes]. */
export type Head = { weight: Tensor; bias: Tensor };

/** Returns the logits [records, classes] of pooled vectors [records, width]. */
export function headLogits(pooled: Tensor, { weight, bias }: Head): Tensor {
  return tf.add(matMul(pooled, weight), bias);
}

/**
 * Returns the loss of each record and its gradient with respect to the pooled vectors [records, width]. Adds
 * the gradients of the head to `ghosts`.
 */
export function headPass(params: {
  head: Head;
  pooled: Tensor;
  records: readonly ClassifierRecord[];
  ghosts: Map<string, GhostGradient>;
}): { losses: Float32Array; dPooled: Tensor } {
  const { head, pooled, records, ghosts } = params;
  const { losses, dLogits } = classLoss(headLogits(pooled, head), records);
  ghosts.set('head.weight', linearGradient(pooled, dLogits, records.length));
  const dPooled = matMul(dLogits, head.weight, { transposeB: true });
  ghosts.set('head.bias', smallGradient(dLogits));
  return { losses, dPooled };
}

/** Returns each record's gradients of the head if nothing else is trained. Frees `pooled`. */
export function headGradients(params: {
  head: Head;
  pooled: Tensor;
  records: readonly ClassifierRecord[];
  layout: ClassifierLayout;
}): RecordGradients {
  const { pooled, layout } = params;
  const ghosts = new Map<string, GhostGradient>();
  const losses = tidy(() => headPass({ ...params, ghosts }).losses);
  pooled.dispose();
  return ofGhosts({ losses, ghosts: layout.parameters.map(({ name }) => ghosts.get(name)!), layout });
}
