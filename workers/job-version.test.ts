import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Device } from '../engine/tensor/device.ts';
import { processorHasBfloat16 } from '../engine/tensor/processor.ts';
import { codeDigest, jobVersion } from './job-version.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-code-'));
  await write(
    'entry.ts',
    "import { a } from './a.ts';\nimport type { T } from './types.ts';\nexport const x: T = a;\n",
  );
  await write(
    'a.ts',
    "import { z } from 'zod';\nexport const a = z;\nconst k = new URL('./k.bin', import.meta.url);\n",
  );
  await write('types.ts', 'export type T = unknown;\n');
  await write('k.bin', 'kernels');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const digest = () => codeDigest(join(folder, 'entry.ts'));

describe('the version of a job', () => {
  it.each([
    [
      'a module that it imports',
      'a.ts',
      "export const a = 2;\nconst k = new URL('./k.bin', import.meta.url);\n",
    ],
    ['a file that it loads', 'k.bin', 'other kernels'],
  ])('changes with %s', async (_what, name, text) => {
    const before = await digest();
    expect(await digest()).toBe(before);
    await write(name, text);
    expect(await digest()).not.toBe(before);
  });

  it('does not change with types, which do not run', async () => {
    const before = await digest();
    await write('types.ts', 'export type T = string;\n');
    expect(await digest()).toBe(before);
  });

  it.runIf(processorHasBfloat16())(
    'tells whether products with frozen matrices are in bfloat16, for the jobs that have them',
    async () => {
      const versions = async (device?: Device) =>
        Promise.all((['finetune', 'sample', 'classify'] as const).map((kind) => jobVersion(kind, device)));
      const [finetune, sample, classify] = await versions();
      expect((await versions('gpu'))[0]).not.toBe(finetune);
      vi.stubEnv('DPSYNTH_BFLOAT16', 'off');
      const without = await versions();
      vi.unstubAllEnvs();
      expect(without[0]).not.toBe(finetune);
      expect(without[1]).not.toBe(sample);
      expect(without[2]).toBe(classify);
      expect(await versions('gpu')).toEqual(without);
    },
  );

  it('is that of each kind by itself', async () => {
    const kinds = ['prepare', 'finetune', 'sample', 'classify', 'majority'] as const;
    expect(new Set(await Promise.all(kinds.map((kind) => jobVersion(kind)))).size).toBe(kinds.length);
  });
});
