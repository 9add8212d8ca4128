import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findGpuTraces } from './gpu-traces.ts';
import { probeGpu } from './probe-gpu.ts';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
const built = existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'));
const { nodes } = findGpuTraces();

test.skipIf(built)(
  'without the build for CUDA, a GPU is refused with the command that builds it',
  async () => {
    const message = expect.stringContaining('npm run setup -- --gpu');
    await expect(probeGpu({ env: process.env })).rejects.toMatchObject({ type: 'GpuUnavailable', message });
  },
);

test.runIf(built && nodes.length === 0)(
  'without a GPU, the build for CUDA, which would fall back to the CPU, is refused',
  async () => {
    const message = expect.stringMatching(/^TensorFlow found no GPU: /);
    await expect(probeGpu({ env: process.env })).rejects.toMatchObject({ type: 'GpuUnavailable', message });
  },
);

test.runIf(built && nodes.length > 0)('the build for CUDA computes on the GPU of this machine', async () => {
  expect(await probeGpu({ env: process.env })).toEqual({ tensorflow: '2.20.0' });
});
