import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { areNpmPackagesInstalled } from './npm-packages.mjs';

const a = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };
const optional = { 'node_modules/b': { version: '1.0.0', integrity: 'sha512-b', optional: true } };
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'npm-packages-'));
  await mkdir(join(root, 'node_modules'));
});

afterEach(() => rm(root, { recursive: true }));

async function check(wanted: object, installed: object | undefined): Promise<boolean> {
  const packages = { '': { name: 'root' }, ...wanted };
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (installed) await writeFile(hidden, JSON.stringify({ packages: installed }));
  return areNpmPackagesInstalled(root);
}

test('packages as in the lock file are installed, with or without optional ones', async () => {
  expect(await check({ ...a, ...optional }, a)).toBe(true);
  expect(await check({ ...a, ...optional }, { ...a, ...optional })).toBe(true);
});

test('a missing, different or superfluous package is noticed', async () => {
  expect(await check(a, undefined)).toBe(false);
  expect(await check({ ...a, 'node_modules/c': { version: '1.0.0' } }, a)).toBe(false);
  expect(await check({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-c' } }, a)).toBe(false);
  expect(await check(a, { ...a, ...optional })).toBe(false);
});
