import { chooseDevice } from '../engine/tensor/device.ts';
import { probeGpu } from '../engine/tensor/probe-gpu.ts';
import { DpsynthError, ErrorType } from '../schemas/errors.ts';
import { storeUri } from '../storage/open-store.ts';
import { ROLES, type Role } from './create-worker.ts';
import { installLogging } from './logging.ts';
import { startWorkers } from './start-workers.ts';

// The entry point of a worker process: `main.ts control cpu gpu`. Environment: TEMPORAL_*
// (see @temporalio/envconfig), DPSYNTH_STORE or DPSYNTH_HOME, DPSYNTH_LOG (a file; standard
// error by default), DPSYNTH_DEVICE (cpu or gpu, for the gpu role). Once it polls, it prints
// one line of JSON and sends the same to a parent that forked it; if it cannot start, it
// sends the reason. It shuts down on SIGINT and SIGTERM, or if that parent exits.
const roles = process.argv.slice(2);

try {
  const unknown = roles.filter((role) => !ROLES.includes(role as Role));
  if (roles.length === 0 || unknown.length > 0)
    throw new Error(
      'Name the roles of this worker, of ' +
        `${ROLES.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}.`,
    );
  const device = chooseDevice(process.env);
  // Checked before the first job is taken, while a worker with a device can still take that job.
  if (roles.includes('gpu') && device === 'gpu') await probeGpu({ env: process.env });
  // The device is for the children: this process only plans, and would occupy part of the device's memory.
  process.env.DPSYNTH_DEVICE = 'cpu';
  await installLogging({ file: process.env.DPSYNTH_LOG || undefined });
  const workers = await startWorkers({
    roles: [...new Set(roles as Role[])],
    storeUri: storeUri(process.env),
    device,
  });
  const ready = { ready: true, roles };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
  process.once('disconnect', workers.shutdown);
  await workers.done;
  process.exit(0);
} catch (error) {
  const type = error instanceof DpsynthError ? error.type : ErrorType.Unexpected;
  const { message } = error as Error;
  const said = error instanceof DpsynthError ? `${type}: ${message}` : message;
  process.stderr.write(`dpsynth worker: ${said}\n`, () => {
    if (process.send === undefined) process.exit(1);
    process.send({ error: { type, message } }, undefined, undefined, () => process.exit(1));
  });
}
