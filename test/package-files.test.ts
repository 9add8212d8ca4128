import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './import-graph.ts';

const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  maxBuffer: 2 ** 26,
});
const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
const paths = files.map(({ path }) => path);

test('the package holds no test support', async () => {
  expect(paths).toContain('client/cli/dpsynth.mjs');
  expect(paths.filter((path) => /\.(test|fixture)\.ts$|^(test|bench)\//.test(path))).toEqual([]);
  const sources = paths.filter((path) => /\.m?[jt]s$/.test(path) && !path.startsWith('dist/'));
  const withVitest: string[] = [];
  for (const path of sources)
    if (/from 'vitest'/.test(await readFile(join(root, path), 'utf8'))) withVitest.push(path);
  expect(withVitest).toEqual([]);
});

test('the package holds no folder that the repository does not know', () => {
  const rooms = new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  const known = [
    'activities',
    'client',
    'deploy',
    'dist',
    'docs',
    'engine',
    'examples',
    'schemas',
    'storage',
  ];
  expect([...rooms].filter((room) => ![...known, 'workers', 'workflows'].includes(room))).toEqual([]);
});
