import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import { type Connected, connect } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';
import { listRuns } from '../../runs/list-runs.ts';
import { colorsFor } from '../terminal/colors-for.ts';
import { runTable } from './run-table.ts';

export type ListOptions = { local?: boolean; home?: string; sweep?: string; limit: number; json?: boolean };

/** Prints the runs of the cluster of the environment, or of the embedded server that runs. */
export async function listToTerminal(options: ListOptions): Promise<void> {
  const { sweep, limit } = options;
  if (limit < 1) throw invalidConfig(`--limit ${limit} is not at least 1.`);
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
      message: `No server runs for ${home.folder}. \`dpsynth up\` starts one.`,
    });
  return connect({ address: server.address });
}
