import { fileURLToPath } from 'node:url';
import { ASSETS, areAssetsFetched, prepareAssets } from './assets.mjs';
import { prepareBrowser } from './browser.mjs';
import { isNativeTensorflowBuilt, prepareNativeTensorflow } from './native-tensorflow.mjs';
import { areNpmPackagesInstalled, installNpmPackages } from './npm-packages.mjs';
import { assertPrerequisites } from './prerequisites.mjs';
import { step } from './progress.mjs';
import { prepareTemporalServer } from './temporal-server.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs all steps in their order; the first that fails ends the process with what to do. */
export async function setUp(args) {
  const purpose = args.length === 0 ? 'demo' : args[1];
  if (args.length > 0 && (args.length !== 2 || args[0] !== '--for' || !Object.hasOwn(ASSETS, purpose))) {
    console.error(`Usage: node deploy/setup/setup.mjs --for ${Object.keys(ASSETS).join('|')}`);
    process.exit(2);
  }
  try {
    await runSteps(purpose);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

async function runSteps(purpose) {
  const assets = ASSETS[purpose];
  const needed = new Set();
  if (!(await isNativeTensorflowBuilt(ROOT))) needed.add('python').add('compiler');
  if (!areAssetsFetched(assets)) needed.add('python');
  await assertPrerequisites(needed);

  await step('npm packages', async (progress) => {
    if (await areNpmPackagesInstalled(ROOT)) return 'as package-lock.json says';
    await installNpmPackages(ROOT, progress);
    return 'installed';
  });
  await step('native TensorFlow', (progress) => prepareNativeTensorflow(ROOT, progress));
  await step('Temporal server', (progress) => prepareTemporalServer(ROOT, progress));
  await step('models and datasets', (progress) => prepareAssets(ROOT, assets, progress));
  if (purpose === 'test') await step('browser for UI tests', prepareBrowser);
}
