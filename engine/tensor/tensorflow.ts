import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chooseDevice, type Device, gpuEnvironment, gpuUnavailable, noGpuFound } from './device.ts';
import { findGpuTraces } from './gpu-traces.ts';
import { restoreRemovedUtil } from './removed-util.ts';

type TensorFlow = typeof import('@tensorflow/tfjs-node');

const require = createRequire(import.meta.url);

// TensorFlow prints device banners when it loads; only its warnings and errors are useful.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';

restoreRemovedUtil();

/** The device of this process, named by DPSYNTH_DEVICE and checked when this module loads. */
export const device: Device = chooseDevice(process.env);

/**
 * The only place that loads native TensorFlow; every other file of the engine imports `tf` from here. Loading
 * throws GpuUnavailable if a GPU is chosen but TensorFlow cannot compute on one.
 */
export const tf: TensorFlow = device === 'gpu' ? loadForGpu() : require('@tensorflow/tfjs-node');

function loadForGpu(): TensorFlow {
  const folder = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')))
    throw gpuUnavailable('TensorFlow for CUDA is not installed here: npm run setup -- --gpu');
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

/**
 * Checks TensorFlow's list of devices, because without a GPU it silently uses the CPU, and then computes one
 * product.
 */
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
