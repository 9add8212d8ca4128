import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chooseDevice, type Device, gpuEnvironment, gpuUnavailable, noGpuFound } from './device.ts';
import { findGpuTraces } from './gpu-traces.ts';
import { restoreRemovedUtil } from './removed-util.ts';

type TensorFlow = typeof import('@tensorflow/tfjs-node');

const require = createRequire(import.meta.url);

// TensorFlow prints device banners at load; only its warnings and errors are of use to people.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';

restoreRemovedUtil();

/** Where all ops of this process run: what DPSYNTH_DEVICE names, asserted when this module is loaded. */
export const device: Device = chooseDevice(process.env);

/**
 * The one place that loads native TensorFlow: every other file of the engine takes `tf` from here.
 * Loading throws GpuUnavailable where a GPU is chosen and TensorFlow cannot compute on one.
 */
export const tf: TensorFlow = device === 'gpu' ? loadForGpu() : require('@tensorflow/tfjs-node');

function loadForGpu(): TensorFlow {
  const folder = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')))
    throw gpuUnavailable('TensorFlow for CUDA is not built here: npm run setup -- --gpu');
  Object.assign(process.env, gpuEnvironment(process.env));
  let loaded: TensorFlow;
  try {
    loaded = require('@tensorflow/tfjs-node-gpu');
  } catch (error) {
    throw gpuUnavailable(`TensorFlow for CUDA does not load: ${firstLine(error)}`, error);
  }
  assertGpu(loaded);
  return loaded;
}

/** Without a GPU the package computes on the CPU and says nothing, so its list of devices is asked; then one product is computed. */
function assertGpu(loaded: TensorFlow): void {
  const { isUsingGpuDevice } = loaded.backend() as unknown as { isUsingGpuDevice: boolean };
  if (!isUsingGpuDevice) throw noGpuFound(findGpuTraces());
  try {
    loaded.tidy(() => loaded.matMul(loaded.ones([2, 2]), loaded.ones([2, 2])).dataSync());
  } catch (error) {
    throw gpuUnavailable(
      `TensorFlow found a GPU but cannot compute on it: ${firstLine(error)}. nvidia-smi shows its memory and its driver.`,
      error,
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim();
}

export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, TypedArray } from '@tensorflow/tfjs-node';
