import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Device } from '../engine/tensor/device.ts';
import { processorHasBfloat16 } from '../engine/tensor/processor.ts';
import type { ComputeJobKind } from '../schemas/jobs.ts';
import { sha256 } from '../storage/digest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** Matches imports of values; types do not run. */
const IMPORTS =
  /^[ \t]*(?:import|export)\s+(?!type\s)[^'"`;]*?from\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
/** Files that a module loads by their path, such as compiled kernels. */
const LOADED = /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g;

/**
 * Returns the digest of the code of one kind of job: its module, everything that it imports or loads, the
 * versions of the packages that these use, and whether it computes in bfloat16 on this machine. The files are
 * read each time, because a child runs the code as it is when the child starts.
 */
export async function jobVersion(kind: ComputeJobKind, device: Device = 'cpu'): Promise<string> {
  const code = await codeDigest(join(root, 'workers', 'compute', 'jobs', `${kind}.ts`));
  return hasBfloat16Products(kind, device) ? `${code} with bfloat16` : code;
}

/** Returns whether `training.precision` 'auto' means bfloat16 for jobs of this kind on this machine. */
function hasBfloat16Products(kind: ComputeJobKind, device: Device): boolean {
  return (kind === 'finetune' || kind === 'sample') && device === 'cpu' && processorHasBfloat16();
}

/** Returns the digest of the code of any module. */
export async function codeDigest(entry: string): Promise<string> {
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.has(path)) continue;
    const bytes = await readFile(path).catch(() => null);
    files.set(path, bytes === null ? 'none' : sha256(bytes));
    if (bytes === null || !/\.m?[jt]s$/.test(path)) continue;
    const text = bytes.toString('utf8');
    const loaded = [...text.matchAll(LOADED)].map(([, specifier]) => specifier);
    const imported = [...text.matchAll(IMPORTS)].map((match) => match[1] ?? match[2] ?? match[3]);
    for (const specifier of [...loaded, ...imported]) {
      if (specifier.startsWith('.')) pending.push(resolve(dirname(path), specifier));
      else if (!specifier.startsWith('node:')) packages.add(packageName(specifier));
    }
  }
  const parts = [...files].map(([path, digest]) => `${relative(dirname(entry), path)} ${digest}`);
  for (const name of packages) parts.push(`${name}@${await packageVersion(name)}`);
  return sha256(parts.sort().join('\n'));
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Reads package.json from the package's folder, because not every package allows importing it. */
async function packageVersion(name: string): Promise<string> {
  for (const folder of require.resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => null);
    if (text !== null) return (JSON.parse(text) as { version: string }).version;
  }
  return 'none';
}
