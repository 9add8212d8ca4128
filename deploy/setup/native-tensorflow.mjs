import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { publishFolder, withLock, withWorkFolder } from '../../storage/assets/bootstrap/cache-folder.mjs';
import { assertFreeDisk } from './free-disk.mjs';
import { ADDON, buildAddon, builtFolder, linkIntoPackage, moveTo } from './tensorflow-addon.mjs';
import { TENSORFLOW_VERSION, TENSORFLOW_WHEELS } from './tensorflow-wheels.mjs';

const PACKAGE = 'tfjs-node';
const NEEDED_BYTES = 1.6e9;

export async function isNativeTensorflowBuilt(root) {
  return existsSync(join(await builtFolder(root, { packageName: PACKAGE }), ADDON));
}

/**
 * Builds the addon of @tensorflow/tfjs-node against the TensorFlow library of the Python wheel, because the
 * library that the package's own install script downloads is no longer available. The build is kept in the
 * cache with the layout of the package (deps/lib, lib/napi-v8) and linked into node_modules, so that `npm ci`
 * does not lose it.
 */
export async function prepareNativeTensorflow(root, progress) {
  const built = await builtFolder(root, { packageName: PACKAGE });
  if (!existsSync(join(built, ADDON))) {
    const onWait = () => progress('waiting for another set-up that is building it');
    await withLock('native-tensorflow', onWait, async () => {
      if (!existsSync(join(built, ADDON))) await build(root, built, progress);
    });
  }
  await linkIntoPackage(root, PACKAGE, built);
  return `TensorFlow ${TENSORFLOW_VERSION}`;
}

async function build(root, built, progress) {
  const wheel = TENSORFLOW_WHEELS[`${process.platform}-${process.arch}`];
  if (!wheel) {
    const known = Object.keys(TENSORFLOW_WHEELS).join(', ');
    throw new Error(
      `dpsynth does not support ${process.platform}-${process.arch}: it pins TensorFlow only for ${known}.`,
    );
  }
  await assertFreeDisk('TensorFlow', NEEDED_BYTES);
  await withWorkFolder(async (work) => {
    const { tensorflow, addon } = await buildAddon({
      root,
      packageName: PACKAGE,
      wheel,
      work,
      onProgress: (done, total) => progress('downloading', done, total),
      onCompile: () => progress('compiling the addon'),
    });
    const output = join(work, 'output');
    await moveTo(tensorflow, join(output, 'deps', 'lib'));
    await moveTo(addon, join(output, ADDON));
    await publishFolder(output, built);
  });
}
