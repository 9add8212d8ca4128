import { fileURLToPath } from 'node:url';
import { openStore } from '../../storage/open-store.ts';
import { createJobRunner } from '../../workers/compute/run-job.ts';
import { ROLES } from '../../workers/create-worker.ts';
import { runWorkers } from '../../workers/run-workers.ts';

/** All three workers with the compute child of the tests: real server, real processes, no arithmetic. */
export async function startFakeWorkers(params: { address: string; storeUri: string }) {
  const store = await openStore(params.storeUri);
  const entry = fileURLToPath(new URL('./fake-compute.ts', import.meta.url));
  return runWorkers({
    roles: ROLES,
    connectionOptions: { address: params.address },
    namespace: 'default',
    deps: {
      store,
      runJob: createJobRunner({ store, entry, graceMs: 5_000 }),
      countTrainableParameters: async () => 10,
      countTokens: async ({ texts }) => texts.map((text) => text.length),
      jobVersion: async () => 'test',
      codeVersion: 'dpsynth test',
    },
  });
}

// In its own process it can be killed.
const [, script, address, storeUri] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  const workers = await startFakeWorkers({ address, storeUri });
  process.stdout.write('ready\n');
  await workers.done;
}
