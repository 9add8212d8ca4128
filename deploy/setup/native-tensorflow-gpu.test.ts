import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CUDA_WHEELS } from './cuda-wheels.mjs';
import { gpuFolder } from './native-tensorflow-gpu.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('the folder of the build names every version in it', async () => {
  const { dependencies } = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8'));
  expect(basename(await gpuFolder(ROOT))).toMatch(
    new RegExp(
      `^tensorflow-2\\.20\\.0_cuda-12\\.5\\.1-[0-9a-f]{8}_tfjs-node-gpu-${dependencies['@tensorflow/tfjs-node-gpu']}_`,
    ),
  );
});

test('another wheel of any library gives another build', async () => {
  const places = await Promise.all([
    gpuFolder(ROOT),
    ...CUDA_WHEELS.map((_, changed) =>
      gpuFolder(
        ROOT,
        CUDA_WHEELS.map((wheel, index) => (index === changed ? { ...wheel, sha256: 'other' } : wheel)),
      ),
    ),
  ]);
  expect(new Set(places).size).toBe(CUDA_WHEELS.length + 1);
});

test('wheels are pinned by version and digest, and no two add the same folder', () => {
  for (const { requirement, sha256 } of CUDA_WHEELS) {
    expect(requirement).toMatch(/^[\w-]+==[\d.]+$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(new Set(CUDA_WHEELS.map(({ folder }) => folder)).size).toBe(CUDA_WHEELS.length);
});
