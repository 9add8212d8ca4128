import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, readlink, rename, rm, statfs, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  cacheFolder,
  publishFolder,
  withLock,
  withWorkFolder,
} from '../../storage/assets/bootstrap/cache-folder.mjs';
import { fetchWheel } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import { cppCompiler } from './prerequisites.mjs';
import { TENSORFLOW_VERSION, TENSORFLOW_WHEELS } from './tensorflow-wheels.mjs';

const NAPI_VERSION = 8;
const ADDON = `lib/napi-v${NAPI_VERSION}/tfjs_binding.node`;
const NEEDED_GB = 1.6;

// What the addon's sources include, of the 12,000 headers in the wheel.
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'];

export async function isNativeTensorflowBuilt(root) {
  return existsSync(join(await builtFolder(root), ADDON));
}

/**
 * Builds the addon of @tensorflow/tfjs-node against the TensorFlow library of the Python wheel, because the library that the
 * package's own install script downloads is not served any more. The build lives in the cache, laid out as in the
 * package (deps/lib, lib/napi-v8), and is linked into node_modules, so that `npm ci` does not lose it.
 */
export async function prepareNativeTensorflow(root, progress) {
  const built = await builtFolder(root);
  if (!existsSync(join(built, ADDON))) {
    const onWait = () => progress('another set-up builds it: waiting');
    await withLock('native-tensorflow', onWait, async () => {
      if (!existsSync(join(built, ADDON))) await build(root, built, progress);
    });
  }
  const packageFolder = tfjsFolder(root);
  for (const part of ['deps', 'lib']) await linkTo(join(built, part), join(packageFolder, part));
  return `TensorFlow ${TENSORFLOW_VERSION}`;
}

function tfjsFolder(root) {
  return join(root, 'node_modules', '@tensorflow', 'tfjs-node');
}

async function builtFolder(root) {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const versions = `tensorflow-${TENSORFLOW_VERSION}_tfjs-node-${dependencies['@tensorflow/tfjs-node']}`;
  const platform = `${process.platform}-${process.arch}_napi-${NAPI_VERSION}`;
  return join(cacheFolder(), 'native-tensorflow', `${versions}_${platform}`);
}

async function build(root, built, progress) {
  const wheel = TENSORFLOW_WHEELS[`${process.platform}-${process.arch}`];
  if (!wheel) {
    const known = Object.keys(TENSORFLOW_WHEELS).join(', ');
    throw new Error(`no TensorFlow is pinned for ${process.platform}-${process.arch}, only for ${known}.`);
  }
  await assertFreeDisk();
  await withWorkFolder(async (work) => {
    const unpacked = await fetchWheel({
      ...wheel,
      prefixes: [...HEADERS.map((header) => `tensorflow/include/${header}`), 'tensorflow/libtensorflow_'],
      folder: work,
      onProgress: (done, total) => progress('downloading', done, total),
    });
    const output = join(work, 'output');
    await mkdir(join(output, 'deps'), { recursive: true });
    await mkdir(join(output, ADDON, '..'), { recursive: true });
    await rename(join(unpacked, 'tensorflow'), join(output, 'deps', 'lib'));
    progress('compiling the addon');
    await compileAddon(root, output);
    await rm(join(output, 'deps', 'lib', 'include'), { recursive: true });
    await publishFolder(output, built);
  });
}

/**
 * Two source files and a C interface: one call of the compiler does what the package's binding.gyp says, without make and without
 * Node's own headers. The wheel's libtensorflow_cc exports the C API that the addon expects of libtensorflow.
 */
async function compileAddon(root, output) {
  const mac = process.platform === 'darwin';
  const lib = join(output, 'deps', 'lib');
  const libraries = ['libtensorflow_cc', 'libtensorflow_framework'].map((name) =>
    join(lib, mac ? `${name}.2.dylib` : `${name}.so.2`),
  );
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) =>
    join(tfjsFolder(root), 'binding', name),
  );
  const includes = [join(root, 'node_modules', 'node-api-headers', 'include'), join(lib, 'include')];
  const shared = mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-fPIC'];
  const args = [
    '-std=c++17',
    '-O2',
    '-fno-exceptions',
    '-fno-rtti',
    `-DNAPI_VERSION=${NAPI_VERSION}`,
    ...shared,
  ];
  args.push(...includes.map((folder) => `-I${folder}`), ...sources, ...libraries);
  args.push(`-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`, '-o', join(output, ADDON));
  await runCommand(cppCompiler(), args, { log: 'tfjs-node-addon' });
}

async function linkTo(target, path) {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink() && (await readlink(path)) === target) return;
  if (found && !found.isSymbolicLink()) await rm(path, { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await symlink(target, fresh);
  await rename(fresh, path);
}

async function assertFreeDisk() {
  await mkdir(cacheFolder(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheFolder());
  const freeGb = (bavail * bsize) / 1e9;
  if (freeGb >= NEEDED_GB) return;
  throw new Error(
    `${cacheFolder()} has ${freeGb.toFixed(1)} GB free and TensorFlow takes ${NEEDED_GB} GB while it is unpacked: ` +
      'free some, or set XDG_CACHE_HOME to a folder on another disk.',
  );
}
