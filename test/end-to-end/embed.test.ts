import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readNpy } from '../../engine/data/npy.ts';
import { runCli } from './cli.ts';

type Reference = { text: string; embedding: number[] };
const reference: Reference[] = JSON.parse(await readFile('test/reference/minilm-embedding.json', 'utf8'));
const folder = await mkdtemp(join(tmpdir(), 'embed-'));
afterAll(() => rm(folder, { recursive: true }));

test('embed writes the sentence embeddings of a file, and with --json what it wrote', async () => {
  const text = join(folder, 'texts.jsonl');
  const out = join(folder, 'E.npy');
  await writeFile(text, reference.map((one) => `${JSON.stringify({ text: one.text })}\n`).join(''));
  const { code, json, stderr } = await runCli(['embed', '--text', text, '--out', out, '--json']);
  expect(code).toBe(0);
  expect(json()).toEqual({ rows: 4, dims: 384, out });
  expect(stderr).toContain('Embedded 4 of 4 texts');
  const { shape, values } = readNpy(await readFile(out));
  expect(shape).toEqual([4, 384]);
  const far = reference.flatMap(({ embedding }) => embedding).map((value, i) => Math.abs(value - values[i]));
  // The reference has six digits.
  expect(Math.max(...far)).toBeLessThan(1e-6);
});

test('a language model is refused in one line', async () => {
  const text = join(folder, 'one.txt');
  await writeFile(text, 'a text\n');
  const out = join(folder, 'none.npy');
  const { code, stderr } = await runCli(['embed', '--model', 'smollm2-135m', '--text', text, '--out', out]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^InvalidConfig: .* not an encoder folder/);
  await expect(readFile(out)).rejects.toMatchObject({ code: 'ENOENT' });
});
