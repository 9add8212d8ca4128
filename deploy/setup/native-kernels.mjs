import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import {
  cacheFolder,
  publishFolder,
  withLock,
  withWorkFolder,
} from '../../storage/assets/bootstrap/cache-folder.mjs';
import { runCommand } from '../../storage/assets/bootstrap/run-command.mjs';
import { cppCompiler } from './prerequisites.mjs';
import { linkTo, moveTo } from './tensorflow-addon.mjs';
import { TENSORFLOW_VERSION } from './tensorflow-wheels.mjs';

const NAPI_VERSION = 8;
const MODULE = 'kernels.node';

// Do not assume finite numbers: training looks for NaN and infinity in the results of the kernels.
const OPTIMISE = ['-O3', '-fno-math-errno', '-fno-trapping-math', '-fopenmp-simd'];

// Listed as single features, because older compilers do not know x86-64-v3 and v4.
const AVX2 = ['avx2', 'fma', 'f16c', 'bmi', 'bmi2'];
const AVX512 = [...AVX2, 'avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'];
const AVX512_VNNI = [...AVX512, 'avx512vnni'];

export async function areNativeKernelsBuilt(root) {
  return existsSync(join(await builtFolder(root), MODULE));
}

/**
 * Compiles the CPU kernels in engine/tensor/native for the instructions of this machine, against the
 * TensorFlow library that `prepareNativeTensorflow` installed, and links them into node_modules. The build is
 * kept in the cache, named by its inputs.
 */
export async function prepareNativeKernels(root, progress) {
  const built = await builtFolder(root);
  if (!existsSync(join(built, MODULE))) {
    const onWait = () => progress('waiting for another set-up that is building them');
    await withLock('native-kernels', onWait, async () => {
      if (!existsSync(join(built, MODULE))) await build(root, built, progress);
    });
  }
  const links = join(root, 'node_modules', '.dpsynth');
  await mkdir(links, { recursive: true });
  await linkTo(join(built, MODULE), join(links, MODULE));
  return `for ${(await instructions()).name}`;
}

async function builtFolder(root) {
  const digest = createHash('sha256').update(OPTIMISE.join(' '));
  for (const path of await sourceFiles(root))
    digest.update(`${basename(path)}\n`).update(await readFile(path));
  const platform = `${process.platform}-${process.arch}-${(await instructions()).name}`;
  const key = `tensorflow-${TENSORFLOW_VERSION}_${platform}_${digest.digest('hex').slice(0, 12)}`;
  return join(cacheFolder(), 'native-kernels', key);
}

async function sourceFiles(root) {
  const folder = join(root, 'engine', 'tensor', 'native');
  const names = (await readdir(folder)).filter((name) => /\.(cc|h)$/.test(name));
  return names.sort().map((name) => join(folder, name));
}

/**
 * Returns the vector instructions to compile for: those of every processor of the platform, or more if this
 * one has more.
 */
async function instructions() {
  const cpuinfo = process.arch === 'x64' ? await readFile('/proc/cpuinfo', 'utf8').catch(() => '') : '';
  const features = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].trim().split(' '));
  const wide = { 'avx512-vnni': AVX512_VNNI, avx512: AVX512 };
  for (const [name, needed] of Object.entries(wide)) {
    if (needed.every((feature) => hasFeature(features, feature)))
      return { name, flags: [...needed.map((feature) => `-m${feature}`), '-mprefer-vector-width=512'] };
  }
  if (AVX2.every((feature) => hasFeature(features, feature))) {
    return { name: 'avx2', flags: AVX2.map((feature) => `-m${feature}`) };
  }
  return { name: 'baseline', flags: [] };
}

/** Linux's names of features that compilers name differently. */
const LINUX_NAMES = { bmi: 'bmi1', avx512vnni: 'avx512_vnni' };

function hasFeature(features, feature) {
  return features.has(LINUX_NAMES[feature] ?? feature);
}

async function build(root, built, progress) {
  progress('compiling');
  await withWorkFolder(async (work) => {
    const module = join(work, MODULE);
    await compile({ root, built, module });
    const output = join(work, 'output');
    await moveTo(module, join(output, MODULE));
    await publishFolder(output, built);
  });
}

/** At run time TensorFlow's addon has already loaded the library; the run path names the same file. */
async function compile({ root, built, module }) {
  const mac = process.platform === 'darwin';
  const libraries = await realpath(join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'deps', 'lib'));
  const shared = mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-fPIC', '-pthread'];
  const args = [
    '-std=c++17',
    ...OPTIMISE,
    ...(await instructions()).flags,
    '-fno-exceptions',
    '-fno-rtti',
    '-fvisibility=hidden',
    `-DNAPI_VERSION=${NAPI_VERSION}`,
    ...shared,
    `-I${join(root, 'node_modules', 'node-api-headers', 'include')}`,
    ...(await sourceFiles(root)).filter((path) => path.endsWith('.cc')),
    join(libraries, mac ? 'libtensorflow_framework.2.dylib' : 'libtensorflow_framework.so.2'),
    `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/${relative(built, libraries)}`,
    '-o',
    module,
  ];
  await runCommand(cppCompiler(), args, { log: 'native-kernels' });
}
