import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { runCli } from '../end-to-end/cli.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-ground-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

/** The tiny experiment with changes, through the CLI as a user runs it. */
async function runTiny(changes: object) {
  const tiny = await readFile(fileURLToPath(new URL('../end-to-end/tiny.json', import.meta.url)), 'utf8');
  const path = join(home, 'experiment.json');
  await writeFile(path, JSON.stringify({ ...JSON.parse(tiny), ...changes }));
  const { code, stdout, stderr } = await runCli(['run', path, '--local', '--home', home, '--json']);
  return { code, stderr, error: JSON.parse(stdout).error as { type: string; message: string } };
}

test('a model file that is cut off: one clear error, no adapter, nothing released', {
  timeout: 240_000,
}, async () => {
  const model = join(home, 'model.gguf');
  await copyFile((await locateAsset({ asset: 'smollm2-135m' })).path, model);
  await truncate(model, 40_000_000);
  const { code, error, stderr } = await runTiny({ model });
  expect(code).toBe(1);
  expect(error).toMatchObject({ type: 'ArtifactCorrupt', message: expect.stringContaining(model) });
  expect(stderr).not.toMatch(/^\s+at /m);
  const written = await readdir(join(home, 'artifacts'), { recursive: true });
  expect(written.filter((name) => /adapter|manifest|tmp/.test(name))).toEqual([]);
});

// A disk that is really full takes a file system of its own, and mounting one takes root.
test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
  'a full artifact disk: StorageFull with the path, and no half-written file',
  { timeout: 240_000 },
  async () => {
    const artifacts = join(home, 'artifacts');
    await mkdir(artifacts);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'tmpfs', artifacts]);
    try {
      const { code, error } = await runTiny({});
      expect(code).toBe(1);
      expect(error).toMatchObject({ type: 'StorageFull', message: expect.stringContaining(artifacts) });
      const written = await readdir(artifacts, { recursive: true, withFileTypes: true });
      expect(written.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', artifacts]);
    }
  },
);
