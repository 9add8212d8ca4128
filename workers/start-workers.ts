import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Device } from '../engine/tensor/device.ts';
import { locateAsset } from '../storage/assets/locate-asset.ts';
import { openStore } from '../storage/open-store.ts';
import { codeVersion } from './code-version.ts';
import { createJobRunner } from './compute/run-job.ts';
import type { Role } from './create-worker.ts';
import { jobVersion } from './job-version.ts';
import { type RunningWorkers, runWorkers } from './run-workers.ts';

/**
 * Workers with the real engine, against the server that @temporalio/envconfig finds (TEMPORAL_ADDRESS,
 * TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, TLS, API key).
 */
export async function startWorkers(params: {
  roles: readonly Role[];
  storeUri: string;
  device: Device;
}): Promise<RunningWorkers> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const store = await openStore(params.storeUri);
  return runWorkers({
    roles: params.roles,
    connectionOptions,
    namespace,
    deps: {
      store,
      runJob: createJobRunner({ store, device: params.device }),
      // Loaded when it is first asked for: most workers never plan.
      countTrainableParameters: async ({ model, adapter }) => {
        const { countTrainableParameters } = await import('../engine/language-model/count-parameters.ts');
        const { path } = await locateAsset({ asset: model });
        return countTrainableParameters({ path, adapter });
      },
      countTokens: async ({ model, texts }) => {
        const { openModel } = await import('./compute/open-model.ts');
        const { tokenizer } = await openModel(model);
        return texts.map((text) => tokenizer.encode(text).length);
      },
      jobVersion: (kind) => jobVersion(kind, params.device),
      codeVersion: await codeVersion(),
    },
  });
}
