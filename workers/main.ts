import { DpsynthError } from '../schemas/errors.ts';
import { storeUri } from '../storage/open-store.ts';
import { ROLES, type Role } from './create-worker.ts';
import { installLogging } from './logging.ts';
import { startWorkers } from './start-workers.ts';

// The entry of a worker process: `main.ts control cpu gpu`. Environment: TEMPORAL_* (see @temporalio/envconfig),
// DPSYNTH_STORE or DPSYNTH_HOME, DPSYNTH_LOG (a file; standard error by default). Once it polls it prints one line of
// JSON, and says the same to a parent that forked it. SIGINT and SIGTERM, or the end of that parent, shut it down.
const roles = process.argv.slice(2);

try {
  const unknown = roles.filter((role) => !ROLES.includes(role as Role));
  if (roles.length === 0 || unknown.length > 0)
    throw new Error(
      `Name the roles of this worker, of ${ROLES.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}.`,
    );
  await installLogging({ file: process.env.DPSYNTH_LOG || undefined });
  const workers = await startWorkers({
    roles: [...new Set(roles as Role[])],
    storeUri: storeUri(process.env),
  });
  const ready = { ready: true, roles };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  process.send?.(ready);
  process.once('disconnect', workers.shutdown);
  await workers.done;
  process.exit(0);
} catch (error) {
  const said = error instanceof DpsynthError ? `${error.type}: ${error.message}` : (error as Error).message;
  process.stderr.write(`dpsynth worker: ${said}\n`, () => process.exit(1));
}
