import { existsSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';
import { withServer } from './with-server.ts';
import { orInterrupted, withSession } from './with-session.ts';

/**
 * Uses the server that knows the runs of a home: with --local the embedded one, which is brought up if it does not run; else the embedded
 * one that runs, or that of the environment. An embedded server that has runs in its database and does not run now is never
 * passed over: another server would say that it knows none of them.
 * Throws TemporalUnavailable if there is none to ask.
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
      message: `The embedded server of ${home.folder} does not run, and it may keep the run under way. ${WAYS}`,
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
  '--local brings the embedded server up; --offline asks none: you then vouch that the run is not under way, and what it has reserved is charged in full.';
