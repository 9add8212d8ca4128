import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { publishFolder, withLock, withWorkFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { fetchWheel, folderSize } from '../../storage/assets/bootstrap/fetch-wheel.mjs';
import { CUDA_VERSION, CUDA_WHEELS } from './cuda-wheels.mjs';
import { assertFreeDisk } from './free-disk.mjs';
import { ADDON, buildAddon, builtFolder, linkIntoPackage, moveTo } from './tensorflow-addon.mjs';
import { TENSORFLOW_VERSION } from './tensorflow-wheels.mjs';

const PACKAGE = 'tfjs-node-gpu';
const PLATFORM = 'linux-x64';
const PACKAGES = 'site-packages';
const TENSORFLOW = 'tensorflow';
// 4.1 GB stay; the rest is for the wheel that is being unpacked.
const NEEDED_BYTES = 4.8e9;

export async function isGpuTensorflowBuilt(root) {
  return existsSync(join(await gpuFolder(root), ADDON));
}

/**
 * Builds the addon of @tensorflow/tfjs-node-gpu against the CUDA build of TensorFlow. Its library looks for
 * CUDA in `../nvidia/NAME/lib` beside its own folder, so all wheels go into one `site-packages` folder, and
 * deps/lib is a link into it. Each wheel is kept once it is unpacked, so that an interrupted set-up resumes
 * with the next one.
 */
export async function prepareGpuTensorflow(root, progress) {
  const built = await gpuFolder(root);
  if (!existsSync(join(built, ADDON))) {
    const onWait = () => progress('waiting for another set-up that is building it');
    await withLock('native-tensorflow-gpu', onWait, async () => {
      if (!existsSync(join(built, ADDON))) await build(root, built, progress);
    });
  }
  await linkIntoPackage(root, PACKAGE, built);
  return `TensorFlow ${TENSORFLOW_VERSION}, CUDA ${CUDA_VERSION}`;
}

/** The digest covers all pins, so another version of any library gives another build. */
export function gpuFolder(root, wheels = CUDA_WHEELS) {
  const digest = createHash('sha256')
    .update(wheels.map(({ sha256 }) => sha256).join())
    .digest('hex');
  const library = `cuda-${CUDA_VERSION}-${digest.slice(0, 8)}`;
  return builtFolder(root, { packageName: PACKAGE, library });
}

async function build(root, built, progress) {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== PLATFORM)
    throw new Error(`TensorFlow supports CUDA only on ${PLATFORM}, not on ${platform}. Leave out --gpu.`);
  const partial = `${built}.partial`;
  await assertFreeDisk('TensorFlow for CUDA', NEEDED_BYTES - (await folderSize(partial)));

  const total = CUDA_WHEELS.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const wheel of CUDA_WHEELS) {
    const onProgress = (done) => progress(`downloading ${wheel.requirement}`, before + done, total);
    const onCompile = () => progress('compiling the addon');
    if (!existsSync(join(partial, PACKAGES, wheel.folder)))
      await withWorkFolder((work) => addWheel({ root, wheel, work, partial, onProgress, onCompile }));
    before += wheel.bytes;
  }
  const deps = join(partial, 'deps', 'lib');
  await rm(deps, { force: true });
  await mkdir(join(deps, '..'), { recursive: true });
  await symlink(join('..', PACKAGES, TENSORFLOW), deps);
  await publishFolder(partial, built);
}

/**
 * Moves the folder of a wheel to its place last, so that a folder in its place is complete. TensorFlow's
 * includes the addon.
 */
async function addWheel({ root, wheel, work, partial, onProgress, onCompile }) {
  const target = join(partial, PACKAGES, wheel.folder);
  if (wheel.folder === TENSORFLOW) {
    const args = { root, packageName: PACKAGE, wheel, work, onProgress, onCompile };
    const { tensorflow, addon } = await buildAddon(args);
    await moveTo(addon, join(partial, ADDON));
    await moveTo(tensorflow, target);
  } else {
    const prefixes = [`${wheel.folder}/`];
    const unpacked = await fetchWheel({ ...wheel, prefixes, folder: work, onProgress });
    await moveTo(join(unpacked, wheel.folder), target);
  }
}
