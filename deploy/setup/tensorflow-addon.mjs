import { lstat, mkdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { fetchWheel } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import { cppCompiler } from './prerequisites.mjs';
import { TENSORFLOW_VERSION } from './tensorflow-wheels.mjs';

const NAPI_VERSION = 8;

/** The path of the addon in its package, and in a build in the cache. */
export const ADDON = `lib/napi-v${NAPI_VERSION}/tfjs_binding.node`;

// The headers that the addon's sources include; the wheel has 12,000.
const HEADERS = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'];

/**
 * Returns the folder of a build in the cache, which is named by all its inputs. `library` names libraries
 * beside TensorFlow, if any.
 */
export async function builtFolder(root, { packageName, library }) {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const parts = [
    `tensorflow-${TENSORFLOW_VERSION}`,
    ...(library ? [library] : []),
    `${packageName}-${dependencies[`@tensorflow/${packageName}`]}`,
    `${process.platform}-${process.arch}`,
    `napi-${NAPI_VERSION}`,
  ];
  return join(cacheFolder(), 'native-tensorflow', parts.join('_'));
}

/**
 * Fetches a TensorFlow wheel into the folder `work` and compiles the addon of @tensorflow/`packageName`
 * against it. Returns their paths in `work`: `tensorflow`, a folder with only the libraries, and
 * `addon`, a file.
 */
export async function buildAddon({ root, packageName, wheel, work, onProgress, onCompile }) {
  const unpacked = await fetchWheel({
    ...wheel,
    prefixes: [...HEADERS.map((header) => `tensorflow/include/${header}`), 'tensorflow/libtensorflow_'],
    folder: work,
    onProgress,
  });
  const tensorflow = join(unpacked, 'tensorflow');
  const addon = join(work, 'tfjs_binding.node');
  onCompile();
  await compile({ root, packageFolder: folderOf(root, packageName), tensorflow, addon });
  await rm(join(tensorflow, 'include'), { recursive: true });
  return { tensorflow, addon };
}

/**
 * Links the parts of a build, which has the layout of the package, into node_modules, so that `npm ci` does
 * not lose them.
 */
export async function linkIntoPackage(root, packageName, built) {
  for (const part of ['deps', 'lib'])
    await linkTo(join(built, part), join(folderOf(root, packageName), part));
}

/** Moves a file or a folder, and creates its new parent folder if necessary. */
export async function moveTo(from, to) {
  await mkdir(join(to, '..'), { recursive: true });
  await rename(from, to);
}

function folderOf(root, packageName) {
  return join(root, 'node_modules', '@tensorflow', packageName);
}

/**
 * Compiles two source files against a C interface. One call of the compiler does what the package's
 * binding.gyp says, without make and without Node's own headers. The wheel's libtensorflow_cc exports the C
 * API that the addon expects from libtensorflow.
 */
async function compile({ root, packageFolder, tensorflow, addon }) {
  const mac = process.platform === 'darwin';
  const libraries = ['libtensorflow_cc', 'libtensorflow_framework'].map((name) =>
    join(tensorflow, mac ? `${name}.2.dylib` : `${name}.so.2`),
  );
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  const includes = [join(root, 'node_modules', 'node-api-headers', 'include'), join(tensorflow, 'include')];
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
  args.push(`-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`, '-o', addon);
  await runCommand(cppCompiler(), args, { log: `${basename(packageFolder)}-addon` });
}

/** Makes `path` a link to `target`, atomically. */
export async function linkTo(target, path) {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSymbolicLink() && (await readlink(path)) === target) return;
  if (found && !found.isSymbolicLink()) await rm(path, { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await symlink(target, fresh);
  await rename(fresh, path);
}
