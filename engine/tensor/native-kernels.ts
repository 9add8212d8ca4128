import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { processorHasBfloat16 } from './processor.ts';
// Loaded first, because the kernels register with the TensorFlow of this process.
import { device } from './tensorflow.ts';

/** Where the set-up links the compiled kernels of engine/tensor/native. */
const MODULE = fileURLToPath(new URL('../../node_modules/.dpsynth/kernels.node', import.meta.url));

/**
 * Registers the native CPU kernels with TensorFlow. Returns false if they are not built or cannot be loaded
 * here; `dpsynth doctor` says why.
 */
export function loadNativeKernels(): boolean {
  return kernels() !== null;
}

/**
 * Returns whether `frozenMatMul` runs here: on the CPU, with native kernels and a processor with the
 * instruction.
 */
export function hasFrozenMatMul(): boolean {
  return device === 'cpu' && processorHasBfloat16() && kernels()?.bfloat16 === true;
}

function kernels(): { bfloat16: boolean } | null {
  try {
    return createRequire(import.meta.url)(MODULE) as { bfloat16: boolean };
  } catch {
    return null;
  }
}
