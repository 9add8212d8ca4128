import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { gpuUnavailable } from './device.ts';

const run = promisify(execFile);
// On a GPU newer than the kernels, CUDA compiles some of them at the first use.
const TIMEOUT_MS = 180_000;
const SCRIPT = fileURLToPath(new URL('./report-gpu.ts', import.meta.url));

/** The report of the child process, the last line of its standard output. */
const reportSchema = z.union([
  z.strictObject({ tensorflow: z.string() }),
  z.strictObject({ error: z.strictObject({ type: z.enum(ErrorType), message: z.string() }) }),
]);

/**
 * Loads TensorFlow on the GPU of `env` in a child process, which releases the device when it ends. Returns
 * TensorFlow's version. Throws GpuUnavailable if it cannot compute on a GPU.
 */
export async function probeGpu(params: { env: NodeJS.ProcessEnv }): Promise<{ tensorflow: string }> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const env = { ...params.env, DPSYNTH_DEVICE: 'gpu' };
  const output = await run(process.execPath, ['--import', tsx, SCRIPT], { env, timeout: TIMEOUT_MS }).catch(
    (error: Error & { code?: unknown; signal?: string }) => {
      const end = error.signal ? `was ended by ${error.signal}` : `exited with ${error.code}`;
      throw gpuUnavailable(`The process that looked for a GPU ${end}. Does nvidia-smi list one?`, error);
    },
  );
  const report = reportSchema.parse(JSON.parse(output.stdout.trim().split('\n').at(-1)!));
  if ('error' in report) throw new DpsynthError(report.error);
  return report;
}
