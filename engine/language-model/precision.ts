import { invalidConfig } from '../../schemas/errors.ts';
import type { Precision, PrecisionSetting } from '../../schemas/settings/training.ts';
import { hasFrozenMatMul } from '../tensor/native-kernels.ts';

/**
 * Returns the precision of products with frozen matrices in this process. `auto` means bfloat16 if the
 * processor can multiply it. @throws InvalidConfig for bfloat16 on another processor
 */
export function resolvePrecision(setting: PrecisionSetting): Precision {
  const available = hasFrozenMatMul();
  if (setting === 'auto') return available ? 'bfloat16' : 'float32';
  if (setting === 'float32' || available) return setting;
  throw invalidConfig(
    "training.precision is 'bfloat16', which this worker cannot multiply: it needs a processor with AVX512_BF16, the native kernels (see `dpsynth doctor`) and the CPU as its device. Use 'auto' or 'float32'.",
  );
}
