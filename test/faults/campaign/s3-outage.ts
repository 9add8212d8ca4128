import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HAS_S3_SERVER, startS3Server } from '../../integration/s3-server.ts';
import { startRun } from './campaign-runs.ts';
import { startCluster } from './cluster.ts';
import { LARGE } from './settings.ts';
import type { Tally } from './tally.ts';

const OUTAGE_MS = 60_000;

/**
 * kill -9 of the S3 server that holds the store while a checkpoint is uploaded in parts; it is back
 * after a minute.
 */
export async function s3Outage(params: { folder: string; mark: string; tally: Tally }): Promise<void> {
  const { folder, mark, tally } = params;
  if (!HAS_S3_SERVER) {
    tally.notRun.push('loss of the S3 server: there is none, `npm run setup -- --for test` builds it');
    return;
  }
  const server = await startS3Server();
  try {
    const cluster = await startCluster({ folder, storeUri: server.uri('store'), mark });
    try {
      await tally.undisturbed(cluster, await startRun(cluster, 's3-calm', LARGE), ['large']);
      const started = await startRun(cluster, 's3-cut', LARGE);
      while (!started.isOver() && !(await hasParts(server.folder))) await sleep(2);
      if (!started.isOver()) {
        await server.kill();
        tally.fault(`kill -9 of the S3 server in an upload of ${started.id}, for a minute`);
        await sleep(OUTAGE_MS);
        await server.start();
      }
      await tally.disturbed(cluster, started, ['large']);
      await tally.charges(cluster, ['s3-calm', 's3-cut']);
    } finally {
      tally.orphans(await cluster.stop());
    }
  } finally {
    await server.stop();
  }
}

/** True while an upload has parts that are not yet an object. */
async function hasParts(bucket: string): Promise<boolean> {
  const uploads = join(bucket, '.sgwtmp', 'multipart');
  return access(uploads).then(
    async () => (await readdir(uploads, { recursive: true })).some((name) => /\/\d+$/.test(name)),
    () => false,
  );
}
