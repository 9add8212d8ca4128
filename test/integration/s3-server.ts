import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort } from '../../client/embedded/free-port.ts';
import { findS3Server } from '../../deploy/setup/s3-server.mjs';

const BUCKET = 'dpsynth-test';

export type S3Server = {
  endpoint: string;
  port: number;
  bucket: string;
  /** Where the server keeps the objects of the bucket as files. */
  folder: string;
  /** The URI of a prefix of the bucket. */
  uri: (prefix: string) => string;
  /** kill -9; the data stay. */
  kill: () => Promise<void>;
  /** Again at the same address. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Where the set-up could build none, suites that need one are skipped. */
export const HAS_S3_SERVER = findS3Server() !== undefined;

/**
 * Buckets at their own names: `http://BUCKET.s3.test:PORT`. Nothing resolves it: a test says that it
 * is this machine.
 */
export const VIRTUAL_DOMAIN = 's3.test';

/**
 * A real S3 server (versitygw over a folder) on a free port, with a bucket that keeps versions. Its
 * credentials are put into this process's environment, from where the default chain of the SDK takes them.
 */
export async function startS3Server(): Promise<S3Server> {
  const root = await mkdtemp(join(tmpdir(), 'dpsynth-s3-'));
  const [data, versions] = [join(root, 'data'), join(root, 'versions')];
  await mkdir(join(data, BUCKET), { recursive: true });
  await mkdir(versions);
  const port = await anyFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'dpsynth-test',
    AWS_SECRET_ACCESS_KEY: randomBytes(16).toString('hex'),
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  let child: ChildProcess;

  const start = async () => {
    child = spawn(
      findS3Server()!,
      [
        ...['--port', `127.0.0.1:${port}`, '--virtual-domain', `${VIRTUAL_DOMAIN}:${port}`, '--quiet'],
        ...['posix', '--versioning-dir', versions, data],
      ],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          ROOT_ACCESS_KEY: process.env.AWS_ACCESS_KEY_ID,
          ROOT_SECRET_KEY: process.env.AWS_SECRET_ACCESS_KEY,
        },
      },
    );
    for (let waited = 0; !(await answers(endpoint)); waited++) {
      if (waited > 200 || child.exitCode !== null) throw new Error('The S3 server does not answer.');
      await sleep(50);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  await start();
  return {
    endpoint,
    port,
    bucket: BUCKET,
    folder: join(data, BUCKET),
    uri: (prefix) => `s3://${BUCKET}/${prefix}?endpoint=${encodeURIComponent(endpoint)}`,
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Any answer will do: without a signature it is a refusal. */
async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}
