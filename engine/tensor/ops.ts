import { composedOps } from './composed-ops.ts';
import { loadNativeKernels } from './native-kernels.ts';
import { nativeOps } from './native-ops.ts';
import { device } from './tensorflow.ts';

/** The engine's operations: matrix products, and the fused steps between them. */
export type {
  Activation,
  CausalMask,
  Clusters,
  HeadShape,
  RotaryTables,
  VisibleKeys,
} from './fused-ops.ts';
export { matMul, softmax, tidy, writeRows } from './matrix-ops.ts';

// Chosen once per process: the native kernels on the CPU if the set-up could build them.
export const {
  rmsNorm,
  rmsNormBackward,
  gatedActivation,
  gatedActivationBackward,
  gelu,
  geluBackward,
  toHeads,
  fromHeads,
  causalSoftmax,
  softmaxBackward,
  visibleKeys,
  cachedAttention,
  softmaxCrossEntropy,
  lloyd,
} = device === 'cpu' && loadNativeKernels() ? nativeOps : composedOps;
