import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// Loaded first: the kernels register with the TensorFlow of this process.
import './tensorflow.ts';

/** Where the set-up links what it compiled of engine/tensor/native. */
const MODULE = fileURLToPath(new URL('../../node_modules/.dpsynth/kernels.node', import.meta.url));

/**
 * Registers the native CPU kernels with TensorFlow. False where they are not built or do not load here: `dpsynth doctor`
 * says why.
 */
export function loadNativeKernels(): boolean {
  try {
    createRequire(import.meta.url)(MODULE);
    return true;
  } catch {
    return false;
  }
}
