import { z } from 'zod';
import type { Sides } from './run-side.ts';

const SIZES = [512, 1024, 2048, 3072];
const result = z.object({ flopsPerSecond: z.array(z.number()) });

/** Returns the best rate of a float32 matrix product of each library on this machine now, in FLOP/s. */
export async function matmulPeak(sides: Sides): Promise<{ tensorflow: number; pytorch: number }> {
  const task = { sizes: SIZES, repeats: 6 };
  const best = ({ flopsPerSecond }: z.infer<typeof result>) => Math.max(...flopsPerSecond);
  const tensorflow = best(await sides.ours('matmul', task, result));
  const pytorch = best(await sides.peer('matmul', task, result));
  return { tensorflow, pytorch };
}
