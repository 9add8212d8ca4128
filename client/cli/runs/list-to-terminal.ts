import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import { type Connected, connect } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';
import { listRuns } from '../../runs/list-runs.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { runTable } from './run-table.ts';

export type ListOptions = { local?: boolean; home?: string; sweep?: string; limit: number; json?: boolean };

/** Prints the runs of the cluster that the environment names, or of the running embedded server. */
export async function listToTerminal(options: ListOptions): Promise<void> {
  const { sweep, limit } = options;
  if (limit < 1) throw invalidConfig(`--limit ${limit} must be at least 1.`);
  const { client, close } = await (options.local ? connectToHome(options.home) : connect());
  try {
    const runs = await listRuns({ client, sweep, limit });
    if (options.json) console.log(JSON.stringify({ runs }));
    else console.log(runs.length === 0 ? 'No runs.' : runTable({ runs, colors: colorsFor(process.stdout) }));
  } finally {
    await close();
  }
}

async function connectToHome(given: string | undefined): Promise<Connected> {
  const home = locateHome(given);
  const server = await readLease(home.leaseFile);
  if (server === null)
    throw new DpsynthError({
      type: ErrorType.TemporalUnavailable,
      message: `No server is running for ${home.folder}. Start one with \`dpsynth up\`.`,
    });
  return connect({ address: server.address });
}
