import type { PinnedWheel } from '../../storage/assets/bootstrap/fetch-wheel.mjs';

/** TensorFlow for CUDA and the CUDA libraries, each with the folder that it adds to `site-packages`. */
export declare const CUDA_WHEELS: readonly (PinnedWheel & { folder: string })[];
