import { createRequire } from 'node:module';

// TensorFlow prints device banners at load; only its warnings and errors are of use to people.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';

/** The one place that loads native TensorFlow: every other file of the engine takes `tf` from here. */
export const tf = createRequire(import.meta.url)(
  '@tensorflow/tfjs-node',
) as typeof import('@tensorflow/tfjs-node');

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TypedArray } from '@tensorflow/tfjs-node';
