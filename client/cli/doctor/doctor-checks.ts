import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseDevice } from '../../../engine/tensor/device.ts';
import { probeGpu } from '../../../engine/tensor/probe-gpu.ts';
import type { EnvironmentCheck } from '../../../storage/assets/environment.ts';
import { isS3Uri } from '../../../storage/s3/s3-location.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';
import { probeS3 } from './probe-s3.ts';

/**
 * Checks that the cluster of the environment answers, or says whether the embedded server of the
 * home is running.
 */
export async function checkTemporalServer(home: string | undefined): Promise<EnvironmentCheck[]> {
  const name = 'Temporal connection';
  if (process.env.TEMPORAL_ADDRESS || process.env.TEMPORAL_CONFIG_FILE) {
    const { connect } = await import('../../connect.ts');
    try {
      const { address, namespace, close } = await connect();
      await close();
      return [{ name, ok: true, detail: `${address} answers, namespace ${namespace}` }];
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return [
        {
          name,
          ok: false,
          detail,
          fix: 'Start that server, or unset TEMPORAL_ADDRESS to use the embedded one.',
        },
      ];
    }
  }
  const running = await readLease(locateHome(home).leaseFile);
  const detail =
    running === null
      ? 'no server is running; `dpsynth up` and `dpsynth run --local` start one'
      : `the embedded server is running, with its UI at ${running.uiUrl}`;
  return [{ name, ok: true, detail }];
}

/**
 * Checks whether TensorFlow computes on a GPU. A missing GPU is a fault only if DPSYNTH_DEVICE chooses one.
 */
export async function checkGpu(): Promise<EnvironmentCheck[]> {
  const name = 'GPU';
  let chosen = true;
  try {
    chosen = chooseDevice(process.env) === 'gpu';
    const { tensorflow } = await probeGpu({ env: process.env });
    return [{ name, ok: true, detail: `TensorFlow ${tensorflow} uses it` }];
  } catch (error) {
    // The first sentence says what was found, the others say what to do.
    const [detail, ...fix] = (error as Error).message.split(/(?<=\.) /);
    const told = chosen ? detail! : `not used: ${detail}`;
    return [{ name, ok: !chosen, detail: told, ...(fix.length > 0 && { fix: fix.join(' ') }) }];
  }
}

/** Checks that the artifact store can be written and overwrites nothing. Leaves nothing in it. */
export async function checkStore(home: string | undefined): Promise<EnvironmentCheck[]> {
  const name = 'artifact store';
  const { storeUri } = locateHome(home);
  if (isS3Uri(storeUri)) return [{ name, ...(await probeS3(storeUri)) }];
  const folder = fileURLToPath(storeUri);
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, 'probe');
    await rm(probe);
    return [{ name, ok: true, detail: folder }];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      {
        name,
        ok: false,
        detail,
        fix: 'Choose a writable folder with --home, DPSYNTH_HOME or DPSYNTH_STORE.',
      },
    ];
  }
}
