import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';
import { withServer } from './with-server.ts';
import { orInterrupted, withSession } from './with-session.ts';

/**
 * Uses the server that knows the runs of a home. With --local this is the embedded server, which is started
 * if it is not running; otherwise the embedded server if it is running, else the one of the environment. A
 * stopped embedded server with runs in its database is never skipped, because any other server would not
 * know those runs.
 * Throws TemporalUnavailable if there is no server to ask.
 */
export async function askServer(
  options: { local?: boolean; home?: string },
  use: (client: Client) => Promise<void>,
): Promise<void> {
  if (options.local)
    return withSession(options, ({ connected, interrupted }) =>
      orInterrupted({ work: use(connected.client), interrupted: interrupted(), message: 'Interrupted.' }),
    );
  const home = locateHome(options.home);
  const isAtRest = existsSync(home.database) && (await readLease(home.leaseFile)) === null;
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE } = process.env;
  if (isAtRest && !TEMPORAL_ADDRESS && !TEMPORAL_PROFILE)
    throw new DpsynthError({
      type: ErrorType.TemporalUnavailable,
      message: `The embedded server of ${home.folder} is not running, and the run may be unfinished there. ${WAYS}`,
    });
  try {
    await withServer(options, ({ client }) => use(client));
  } catch (error) {
    if (!(error instanceof DpsynthError) || error.type !== ErrorType.TemporalUnavailable) throw error;
    if (!error.message.startsWith('No Temporal server answers')) throw error;
    throw new DpsynthError({
      type: error.type,
      message: `${error.message.replace(/ Set TEMPORAL_ADDRESS.*/s, '')} ${WAYS}`,
      cause: error,
    });
  }
}

const WAYS =
  '--local starts the embedded server. --offline asks no server: you vouch that the run has stopped, and everything it has reserved is charged in full.';
