import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ASSETS, areAssetsFetched, prepareAssets } from './assets.mjs';
import { prepareBrowser } from './browser.mjs';
import { areNativeKernelsBuilt, prepareNativeKernels } from './native-kernels.mjs';
import { isNativeTensorflowBuilt, prepareNativeTensorflow } from './native-tensorflow.mjs';
import { isGpuTensorflowBuilt, prepareGpuTensorflow } from './native-tensorflow-gpu.mjs';
import { areNpmPackagesInstalled, installNpmPackages } from './npm-packages.mjs';
import { assertPrerequisites } from './prerequisites.mjs';
import { step } from './progress.mjs';
import { preparePythonClient } from './python-client.mjs';
import { prepareS3Server } from './s3-server.mjs';
import { prepareTemporalServer } from './temporal-server.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs all steps in order. If one fails, prints what to do and exits. */
export async function setUp(args) {
  const options = readOptions(args);
  if (!options || !Object.hasOwn(ASSETS, options.for)) {
    console.error(`Usage: node deploy/setup/setup.mjs [--for ${Object.keys(ASSETS).join('|')}] [--gpu]`);
    process.exit(2);
  }
  try {
    await runSteps({ purpose: options.for, gpu: options.gpu });
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

function readOptions(args) {
  const options = {
    for: { type: 'string', default: 'demo' },
    gpu: { type: 'boolean', default: false },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch {
    return undefined;
  }
}

async function runSteps({ purpose, gpu }) {
  const assets = ASSETS[purpose];
  const needed = new Set();
  const gpuBuilt = await isGpuTensorflowBuilt(ROOT);
  if (!(await isNativeTensorflowBuilt(ROOT)) || (gpu && !gpuBuilt)) needed.add('python').add('compiler');
  if (!(await areNativeKernelsBuilt(ROOT))) needed.add('compiler');
  if (!areAssetsFetched(assets)) needed.add('python');
  await assertPrerequisites(needed);

  await step('npm packages', async (progress) => {
    if (await areNpmPackagesInstalled(ROOT)) return 'as in package-lock.json';
    await installNpmPackages(ROOT, progress);
    return 'installed';
  });
  await step('native TensorFlow', (progress) => prepareNativeTensorflow(ROOT, progress));
  await step('native kernels', (progress) => prepareNativeKernels(ROOT, progress));
  // Also without --gpu if it was built once, because `npm ci` drops the links to it.
  if (gpu || gpuBuilt) await step('TensorFlow for CUDA', (progress) => prepareGpuTensorflow(ROOT, progress));
  await step('Temporal server', (progress) => prepareTemporalServer(ROOT, progress));
  await step('models and datasets', (progress) => prepareAssets(ROOT, assets, progress));
  if (purpose === 'test') await step('Temporal SDK for Python', preparePythonClient);
  if (purpose === 'test') await step('S3 server for tests', prepareS3Server);
  if (purpose === 'test') await step('browser for UI tests', prepareBrowser);
}
