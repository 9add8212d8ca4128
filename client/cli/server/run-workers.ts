import { fork } from 'node:child_process';
import { TSX_ARGUMENTS, WORKER_ENTRY } from '../../embedded/worker-process.ts';

/**
 * Runs the workers in a process of their own until they exit or are stopped. Returns the exit code. `gpu` is
 * the GPU of the gpu role, as CUDA_VISIBLE_DEVICES names it; without it the environment decides.
 */
export async function runWorkers(params: { roles: string[]; gpu: string | undefined }): Promise<number> {
  const device = params.gpu === undefined ? {} : { DPSYNTH_DEVICE: 'gpu', CUDA_VISIBLE_DEVICES: params.gpu };
  // Workers write only logs, so all their output goes to standard error.
  const child = fork(WORKER_ENTRY, params.roles, {
    detached: true,
    execArgv: TSX_ARGUMENTS,
    env: { ...process.env, ...device },
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  let asked = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      asked++;
      if (asked === 1) child.kill('SIGTERM');
      else if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
  }
  return new Promise((resolve) => child.once('exit', (code) => resolve(asked > 0 ? 0 : (code ?? 1))));
}
